using Amnre.Engine;
using Amnre.Engine.Draws;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Evaluates a trained model on observations.</summary>
internal sealed class EvaluateExecution : IJobExecution
{
    public JobKind Kind => JobKind.Evaluate;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<EvaluateSettings>(ticket.Settings);
        var simulator = ticket.Simulator(settings.Simulator);
        using var processes = simulator as IDisposable;
        var inputs = new EvaluateInputs(ticket.File("model"), ticket.File("samples"), ticket.FileOrNone("reference"));
        using var posterior = TrainedModel.Load(inputs.Model, simulator, settings.Threads, settings.Device);
        var outputs = EvaluationOutputs.InDirectory(ticket.OutputDirectory);
        return ModelEvaluation.Run(settings, simulator, posterior, inputs, outputs, context).End;
    }
}
