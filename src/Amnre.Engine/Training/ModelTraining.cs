using Amnre.Engine.Settings;

namespace Amnre.Engine.Training;

/// <summary>One model to train.</summary>
/// <param name="Settings">How.</param>
/// <param name="Inputs">The files to read.</param>
/// <param name="Weights">Where the weights are to be, such as <c>model.pth</c>. Beside them come, with other endings, the statistics
/// <c>.csv</c> (now and then, and at the end), the weights not kept as <c>.best.pth</c> or <c>.last.pth</c>, and the settings <c>.json</c>,
/// last.</param>
public sealed record ModelTraining(TrainSettings Settings, TrainInputs Inputs, string Weights);
