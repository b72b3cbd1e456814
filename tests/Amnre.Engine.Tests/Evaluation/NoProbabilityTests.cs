using Amnre.Engine.Datasets;
using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>Observations that a model knows nothing of are named, and nothing is drawn of them.</summary>
public sealed class NoProbabilityTests : IDisposable
{
    private readonly ScratchDirectory _folder = new();
    private readonly GaussianBox _simulator = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-30)]
    public void Of_such_an_observation_the_table_the_summary_and_the_log_warn(float logDensity)
    {
        using var posterior = new Ignorant(_simulator, logDensity, unknown: 1);
        var settings = Settings with { Masks = ["=1", "=2"], Accuracy = false, Consistency = true, Calibration = true };
        EvaluationRun.Run(settings, _simulator, posterior, Inputs(), _folder["out"], Context);

        var note = Assert.Single(_notes);
        Assert.Contains("gives no probability to 1 observation of", note, StringComparison.Ordinal);
        Assert.Contains("row 1 (total probability", note, StringComparison.Ordinal);
        var table = File.ReadAllLines(_folder["out/table.csv"]);
        Assert.EndsWith(",percentile,parameters,warning", table[0], StringComparison.Ordinal);
        Assert.Equal([1], EvaluationTable.RowsWithoutProbability(table));
        Assert.Contains("\"observations_without_probability\": 1", File.ReadAllText(_folder["out/summary.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    [InlineData(-30)]
    public void Nothing_is_drawn_of_it_but_of_the_others(float logDensity)
    {
        using var posterior = new Ignorant(_simulator, logDensity, unknown: 1);
        var draws = PosteriorDraws.Of(Settings with { Masks = [Full] }, _simulator, posterior, Inputs(), 5, Context);

        Assert.Equal([0, 2], draws.Rows);
        Assert.Equal(2 * 5 * _simulator.Labels.Count, draws.Masks[0].Draws.Length);
        Assert.Equal(2 * _simulator.Labels.Count, draws.Theta!.Length);
        Assert.Contains("of observation row 1 of", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_observation_has_any_there_are_no_draws()
    {
        using var posterior = new Ignorant(_simulator, float.NegativeInfinity, unknown: null);
        var error = Assert.Throws<InputException>(
            () => PosteriorDraws.Of(Settings with { Masks = [Full] }, _simulator, posterior, Inputs(), 5, Context)).Message;

        Assert.Contains("gives no probability to any of the 3 observations", error, StringComparison.Ordinal);
    }

    private static EvaluateSettings Settings => new() { Simulator = "GAUSS", Last = 3, Bins = 10, BatchSize = 64, Burn = 4, Steps = 8 };

    private string Full => new('1', _simulator.Labels.Count);

    private RunContext Context => RunContexts.Quiet with { Note = _notes.Add };

    private EvaluateInputs Inputs()
    {
        DatasetDrawing.Run(new DrawSettings { Seed = 1, Rows = 3 }, _simulator, _folder["samples.h5"], RunContexts.Quiet);
        return new EvaluateInputs("model.pth", _folder["samples.h5"]);
    }

    /// <summary>The prior itself, but for one observation, or for all.</summary>
    private sealed class Ignorant(GaussianBox simulator, float logDensity, int? unknown) : IMarginalPosterior
    {
        private readonly HashSet<float> _known = [];
        private readonly List<float> _order = [];

        public bool Covers(ParameterMask mask) => true;

        public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
        {
            int size = simulator.ObservationShape.Aggregate(1, (a, b) => a * b), observations = x.Length / size,
                rows = theta.Length / mask.Count;
            for (var i = 0; i < observations; i++)
            {
                // Observations come in their order at first.
                if (_known.Add(x[i * size])) _order.Add(x[i * size]);
                var isUnknown = unknown is null || _order.IndexOf(x[i * size]) == unknown;
                for (var j = 0; j < rows; j++)
                    result[i * rows + j] = isUnknown
                        ? logDensity
                        : (float)simulator.LogPrior(mask, theta.Slice(j * mask.Count, mask.Count));
            }
        }

        public void Dispose()
        {
        }
    }
}
