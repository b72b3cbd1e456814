using YamlDotNet.RepresentationModel;

namespace Amnre.Scheduler.Experiments;

/// <summary>Gathers faults, so that a reader can go on after the first.</summary>
internal sealed class FaultList(string file)
{
    private readonly List<ExperimentFault> _faults = [];

    public void Add(YamlNode node, string message) => Add(node.Start.Line, message);

    public void Add(long line, string message) => _faults.Add(new ExperimentFault(file, line, message));

    /// <exception cref="ExperimentException">There is at least one fault.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
            throw new ExperimentException([.. _faults.Distinct().OrderBy(fault => fault.Line)]);
    }
}
