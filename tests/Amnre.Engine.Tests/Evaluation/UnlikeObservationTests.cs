using System.Text.Json.Nodes;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Training;
using Amnre.Engine.Training;
using PureHDF;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>A measured observation is compared with the simulations; simulated ones, which are some of them, are not.</summary>
public sealed class UnlikeObservationTests : IDisposable
{
    private const int Rows = 64;

    private static readonly ToySimulator Simulator = new("SLCP", 2, 3);

    private readonly ScratchDirectory _folder = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0f, false)]
    [InlineData(40f, true)]
    public void An_observation_unlike_the_simulations_is_told_of(float shift, bool isTold)
    {
        var training = Simulations();
        var settings = new TrainSettings
        {
            Simulator = "SLCP",
            Arbitrary = true,
            Epochs = 1,
            BatchSize = 32,
            Model = new JsonObject { ["hidden_size"] = 4 },
        };
        TrainingRun.Run(settings, Simulator, new TrainInputs(training), _folder["model.pth"], _folder["checkpoints"], RunContexts.Quiet);
        var measured = Measured(shift);

        Evaluate(new EvaluateInputs(_folder["model.pth"], measured) { Simulations = training });

        Assert.Equal(isTold ? 1 : 0, Summary()["observations_unlike_simulations"]!.GetValue<int>());
        var told = File.ReadAllLines(_folder["results/table.csv"])
            .Where(line => line.EndsWith("unlike the simulations", StringComparison.Ordinal)).ToList();
        Assert.All(told, line => Assert.StartsWith("1,", line, StringComparison.Ordinal));
        Assert.Equal(isTold, _notes.Exists(note => note.Contains("row 1 of", StringComparison.Ordinal)));

        Evaluate(new EvaluateInputs(_folder["model.pth"], training) { Simulations = training });
        Assert.False(Summary().AsObject().ContainsKey("min_likeness"));
    }

    private void Evaluate(EvaluateInputs inputs)
    {
        using var posterior = TrainedModel.Load(inputs.Model, Simulator, 1);
        EvaluationRun.Run(new EvaluateSettings { Simulator = "SLCP", Last = 2, Bins = 8, Masks = ["=1"] }, Simulator, posterior, inputs,
            _folder["results"], RunContexts.Quiet with { Note = _notes.Add });
    }

    private JsonNode Summary() => JsonNode.Parse(File.ReadAllText(_folder["results/summary.json"]))!;

    private string Simulations()
    {
        var (theta, x) = (new float[Rows * 2], new float[Rows * 3]);
        Simulator.Sample(1, 0, theta, x);
        new H5File
        {
            ["theta"] = new H5Dataset<float[]>(theta, fileDims: [Rows, 2]),
            ["x"] = new H5Dataset<float[]>(x, fileDims: [Rows, 3]),
        }.Write(_folder["simulations.h5"]);
        return _folder["simulations.h5"];
    }

    /// <param name="shift">Added to the second observation.</param>
    private string Measured(float shift)
    {
        var (theta, x) = (new float[4], new float[6]);
        Simulator.Sample(9, 0, theta, x);
        for (var i = 3; i < 6; i++) x[i] += shift;
        new H5File { ["x"] = new H5Dataset<float[]>(x, fileDims: [2, 3]) }.Write(_folder["measured.h5"]);
        return _folder["measured.h5"];
    }
}
