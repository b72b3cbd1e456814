using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Settings;
using Amnre.Engine.Training;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Trains a model, or replicates together, from the newest checkpoint where an earlier attempt left one.</summary>
internal sealed class TrainExecution : IJobExecution
{
    public JobKind Kind => JobKind.Train;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<TrainSettings>(ticket.Settings);
        var models = settings.Each().Zip(ReplicateFolder.Of(settings), (own, folder) => (own, folder))
            .Select((one, place) => new ModelTraining(
            one.own,
            new TrainInputs(ticket.File("samples"), ticket.FileOrNone("valid"), Of(ticket.Files("weights"), place),
                Of(ticket.Files("adversary"), place)),
            Path.Combine(ticket.OutputDirectory, one.folder, "model.pth"))).ToList();
        var simulator = SimulatorCatalog.Find(settings.Simulator);
        using var processes = simulator as IDisposable;
        return TrainingRun.Run(models, simulator, ticket.CheckpointDirectory, context, ticket.FileOrNone(JobInput.Resume));
    }

    /// <summary>Each model's own, or one for all; null where there is none.</summary>
    private static string? Of(IReadOnlyList<string> files, int place) => files.Count > 1 ? files[place] : files is [var all] ? all : null;
}
