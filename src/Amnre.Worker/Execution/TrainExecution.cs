using Amnre.Engine;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Execution;

/// <summary>Trains a model, from its newest checkpoint where an earlier attempt left one.</summary>
internal sealed class TrainExecution : IJobExecution
{
    public JobKind Kind => JobKind.Train;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<TrainSettings>(ticket.Settings);
        var inputs = new TrainInputs(ticket.File("samples"), ticket.FileOrNone("valid"), ticket.FileOrNone("weights"), ticket.FileOrNone("adversary"));
        var simulator = SimulatorCatalog.Find(settings.Simulator);
        using var processes = simulator as IDisposable;
        return TrainingRun.Run(settings, simulator, inputs, ticket.OutputDirectory, ticket.CheckpointDirectory, context);
    }
}
