using Amnre.Engine;
using Amnre.Engine.Searches;
using Amnre.Engine.Tables;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Compares the candidates of one rung of a search. Its result is a function of their metrics; which of them happen to be
/// published plays no part.</summary>
internal sealed class DecideExecution : IJobExecution
{
    public JobKind Kind => JobKind.Decide;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<DecideSettings>(ticket.Settings);
        var before = ticket.FileOrNone(JobInput.Previous) is { } previous ? DecisionFile.Read(previous) : null;
        var part = before is null ? settings.Candidates : [.. before.Admitted.Select(candidate => candidate.Name)];
        var files = settings.Candidates.Index().Where(one => part.Contains(one.Item))
            .ToDictionary(one => one.Item, one => FilesOf(ticket, one.Index), StringComparer.Ordinal);
        var values = files.ToDictionary(one => one.Key,
            one => SearchMetrics.Last(settings.Metric, HistoryFile.Read(one.Value[HistoryFile.Name])), StringComparer.Ordinal);
        var decision = RungDecision.Of(settings, before, values);
        DecisionFile.Write(Path.Combine(ticket.OutputDirectory, DecisionFile.Name), decision);
        if (settings.Adopts)
            foreach (var (name, path) in files[decision.Admitted.Single().Name])
                File.Copy(path, Path.Combine(ticket.OutputDirectory, name), overwrite: true);
        return RunEnd.Completed;
    }

    public IReadOnlyList<DecidedBranch> Decided(JobTicket ticket) =>
        [.. DecisionFile.Read(Path.Combine(ticket.OutputDirectory, DecisionFile.Name)).Candidates
            .Select(candidate => new DecidedBranch(candidate.Name, candidate.Admitted, candidate.Reason))];

    private static Dictionary<string, string> FilesOf(JobTicket ticket, int candidate) =>
        ticket.Inputs.Where(input => input.Role == JobInput.Candidate(candidate)).ToDictionary(input => input.Name, input => input.Path,
            StringComparer.Ordinal);
}
