using Amnre.Engine;
using Amnre.Engine.Draws;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Draws from the true posteriors that the models of an evaluation are compared with.</summary>
internal sealed class TruthExecution : IJobExecution
{
    public JobKind Kind => JobKind.Truth;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<TruthSettings>(ticket.Settings);
        var simulator = ticket.Simulator(settings.Simulator);
        using var processes = simulator as IDisposable;
        // Draws are not saved on the way, so stop and drain both interrupt them.
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Drain);
        try
        {
            TrueReference.Write(settings, simulator, ticket.File("samples"), Path.Combine(ticket.OutputDirectory, "draws.h5"),
                Path.Combine(ticket.OutputDirectory, "quality.csv"), context with { Stop = leave.Token });
            return RunEnd.Completed;
        }
        catch (OperationCanceledException) when (!context.Stop.IsCancellationRequested)
        {
            return RunEnd.Drained;
        }
    }
}
