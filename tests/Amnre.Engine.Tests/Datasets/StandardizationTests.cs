using Amnre.Engine.Datasets;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Evaluation;
using Amnre.Engine.TrainingRows;
using TorchSharp;

namespace Amnre.Engine.Tests.Datasets;

/// <summary>Training and evaluation see x standardised by the moments of the file, and by the same numbers.</summary>
public sealed class StandardizationTests : IDisposable
{
    private const int Rows = 40;

    private readonly ScratchDirectory _scratch = new();
    private readonly GaussianBox _simulator = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_takes_standardised_rows(bool moments)
    {
        var samples = Samples(moments);
        using var rows = new StoredRows(SampleSet.Open(samples), Rows, null, EpochDraws.Training(1), torch.CPU);
        using var scope = torch.NewDisposeScope();
        var (_, x) = rows.Batch(1, 0);

        Assert.Equal(Expected(samples, moments).Order(), x.data<float>().ToArray().Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluation_takes_standardised_rows(bool moments)
    {
        var samples = Samples(moments);
        using var posterior = new Listener();
        var settings = new EvaluateSettings { Simulator = "GAUSS", First = 2, Last = 5, Bins = 4, Masks = ["=1"] };
        EvaluationRun.Run(settings, _simulator, posterior, new EvaluateInputs("model.pth", samples), _scratch["out"], RunContexts.Quiet);

        Assert.Superset(posterior.Heard, Expected(samples, moments)[6..15].ToHashSet());
        Assert.Superset(Expected(samples, moments)[6..15].ToHashSet(), posterior.Heard);
    }

    private string Samples(bool moments)
    {
        DatasetDrawing.Run(new DrawSettings { Seed = 1, Rows = Rows, Moments = moments, Dump = 500 }, _simulator,
            _scratch["samples.h5"], RunContexts.Quiet);
        return _scratch["samples.h5"];
    }

    private static float[] Expected(string samples, bool moments)
    {
        using var file = SampleFile.Open(samples);
        var x = new float[3 * Rows];
        file.Read(0, [], x);
        return moments ? [.. x.Select((value, i) => (value - file.Moments!.Mu[i % 3]) * (1 / file.Moments.Sigma[i % 3]))] : x;
    }

    /// <summary>Remembers each observed value that it is asked about.</summary>
    private sealed class Listener : IMarginalPosterior
    {
        public HashSet<float> Heard { get; } = [];

        public bool Covers(ParameterMask mask) => true;

        public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
        {
            foreach (var value in x) Heard.Add(value);
            result.Clear();
        }

        public void Dispose()
        {
        }
    }
}
