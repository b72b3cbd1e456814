using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Compares a verdict with what an evaluation requires. The job of a verdict that does not meet it fails, and what reads from the
/// evaluation is skipped; the verdict and the evaluation stay published.</summary>
internal sealed class RequireExecution : IJobExecution
{
    public JobKind Kind => JobKind.Require;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var checks = CanonicalJson.Read<RequireSettings>(ticket.Settings).Checks;
        var by = $"evaluation '{JobKinds.EvaluationOfRequirement(ticket.Name)}'";
        var unmet = VerdictReport.Read(ticket.File("verdict")).Unmet(checks, by);
        if (unmet.Count > 0) throw new InputException(string.Join("; ", unmet));
        File.WriteAllText(Path.Combine(ticket.OutputDirectory, "met.json"), CanonicalJson.Write(new { Met = checks }));
        return RunEnd.Completed;
    }
}
