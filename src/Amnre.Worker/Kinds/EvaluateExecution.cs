using Amnre.Engine;
using Amnre.Engine.Draws;
using Amnre.Engine.Ensembles;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Evaluates a trained model, or several as an ensemble, on observations.</summary>
internal sealed class EvaluateExecution : IJobExecution
{
    public JobKind Kind => JobKind.Evaluate;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<EvaluateSettings>(ticket.Settings);
        var simulator = ticket.Simulator(settings.Simulator);
        using var processes = simulator as IDisposable;
        IReadOnlyList<string> models = ticket.Models(settings.Combine);
        var inputs = new EvaluateInputs(models[0], ticket.File("samples"), ticket.FileOrNone("reference"))
        {
            Others = [.. models.Skip(1)],
            Simulations = ticket.FileOrNone("simulations"),
        };
        using var posterior = TrainedPosterior.Open(models, settings.Combine, simulator, settings.Threads, settings.Device);
        var outputs = EvaluationOutputs.InDirectory(ticket.OutputDirectory);
        return ModelEvaluation.Run(settings, simulator, posterior, inputs, outputs, context).End;
    }
}
