using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Plans;

/// <summary>The jobs of a plan as it grows; each must come after those it reads from, whose fingerprints enter its own.</summary>
/// <param name="isLogarithmic">Whether a parameter of the simulator has a log-uniform prior.</param>
internal sealed class PlannedJobs(bool isLogarithmic)
{
    private readonly List<JobSpec> _jobs = [];
    private readonly Dictionary<string, Fingerprint> _fingerprints = [];

    public IReadOnlyList<JobSpec> InOrder => _jobs;

    /// <param name="name">Of the job.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="settings">How.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="outputs">What it makes.</param>
    /// <param name="resources">What it asks of its machine.</param>
    /// <param name="inKey">Which inputs decide its bytes; null for all.</param>
    public void Add<TSettings>(
        string name, JobKind kind, TSettings settings, IReadOnlyList<JobInput> inputs, IReadOnlyList<JobOutput> outputs,
        JobResources resources,
        Func<JobInput, bool>? inKey = null)
    {
        var document = CanonicalJson.Write(settings);
        var key = JobKey.Document(kind, document,
            inputs.Where(inKey ?? (static _ => true)).Select(input => (input.Role, _fingerprints[input.Job], input.Output)),
            isLogarithmic);
        var fingerprint = Fingerprint.Of(key);
        _fingerprints.Add(name, fingerprint);
        _jobs.Add(new JobSpec
        {
            Name = name,
            Kind = kind,
            Settings = document,
            Key = key,
            Fingerprint = fingerprint,
            Inputs = inputs,
            Outputs = outputs,
            Resources = resources,
        });
    }
}
