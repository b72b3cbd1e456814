using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Judges a trained model by simulations that it has not seen.</summary>
internal sealed class VerdictExecution : IJobExecution
{
    public const string Output = "verdict.json";

    public JobKind Kind => JobKind.Verdict;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<VerdictSettings>(ticket.Settings);
        IReadOnlyList<string> models = ticket.Models(settings.Combine);
        var inputs = new VerdictInputs(
            models[0], ticket.File("samples"), ticket.FileOrNone("observations"), null, ticket.FileOrNone("reference"),
            [.. models.Skip(1)], null)
        {
            NamesFiles = false,
            Simulations = ticket.FileOrNone("simulations"),
            Basis = ticket.FileOrNone("basis"),
        };
        // What is measured is not saved on the way, so stop and drain both interrupt it.
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Drain);
        try
        {
            VerdictRun.Run(settings, inputs, Path.Combine(ticket.OutputDirectory, Output), context with { Stop = leave.Token });
            return RunEnd.Completed;
        }
        catch (OperationCanceledException) when (!context.Stop.IsCancellationRequested)
        {
            return RunEnd.Drained;
        }
    }
}
