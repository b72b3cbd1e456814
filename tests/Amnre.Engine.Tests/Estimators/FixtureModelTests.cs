using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;
using PureHDF;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Models that the original trained, with what it computed from them: loaded here without its training files.</summary>
public sealed class FixtureModelTests
{
    private const int Rows = 4096;

    public static TheoryData<string> Trained() =>
        [.. Directory.EnumerateFiles(GoldenFile.Path("fixtures"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Trained))]
    public void Every_model_of_the_original_loads_and_is_written_back_as_it_was(string name)
    {
        using var scope = NewDisposeScope();
        var path = GoldenFile.Path($"fixtures/{name}.pth");
        ISimulator simulator = name.StartsWith("hh", StringComparison.Ordinal) ? new Training.ToySimulator("HH", 8, 7) : new Slcp();

        var (estimator, _) = EstimatorAssembly.Load(path, simulator);

        var stored = StateFile.Read(path);
        var saved = StateTransfer(estimator);
        Assert.Equal(stored.Keys, saved.Keys);
        foreach (var (key, tensor) in stored) Assert.Equal(tensor.Bytes, saved[key].Bytes);
        estimator.Dispose();

        static OrderedDictionary<string, StoredTensor> StateTransfer(Estimator estimator) =>
            Engine.Checkpoints.StateTransfer.Save(estimator);
    }

    /// <summary>The original's classification of 4096 joint and 4096 marginal pairs: sigmoid(log r) and the importance weights.</summary>
    [Theory]
    [InlineData("slcp-amnre")]
    [InlineData("slcp-mnre")]
    [InlineData("slcp-mnpe")]
    [InlineData("slcp-amnre-adv")]
    [InlineData("slcp-mnre-adv")]
    [InlineData("slcp-mnpe-adv")]
    [InlineData("slcp-npe-inv-adv")]
    public void Ratios_of_every_kind_of_model_are_the_stored_ones(string name)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var simulator = new Slcp();
        var (estimator, file) = EstimatorAssembly.Load(GoldenFile.Path($"fixtures/{name}.pth"), simulator);
        using var adversary = file.Inputs.Adversary is { } given
            ? EstimatorAssembly.LoadAdversary(GoldenFile.Path($"fixtures/{Path.GetFileName(given)}"), file.Settings, simulator)
            : null;
        // A density is classified by its ratio to the prior.
        using var ratio = new Adversary(estimator, simulator, []);
        var (theta, x) = Pairs();
        using var results = H5File.OpenRead(GoldenFile.Path($"fixtures/{name}_roc.h5"));
        var compared = 0;
        foreach (var dataset in results.Children())
        {
            var mask = ParameterMask.Parse(dataset.Name);
            var expected = results.Dataset(dataset.Name).Read<float[]>();
            var part = theta.index_select(1, tensor([.. mask.Indices().Select(i => (long)i)]));
            var scores = ratio.LogRatio(mask, part, ratio.Embed(x)).sigmoid().data<float>().ToArray();
            var weights = adversary?.LogRatio(mask, part, adversary.Embed(x)).data<float>().ToArray();
            for (var i = 0; i < 2 * Rows; i++)
            {
                var joint = i < Rows;
                Assert.Equal(joint ? 1 : 0, expected[3 * i]);
                Close(expected[3 * i + 1], scores[i]);
                var weight = weights is null || joint != file.Settings.Inverse
                    ? 1
                    : MathF.Exp(file.Settings.Inverse ? -weights[i] : weights[i]);
                Close(expected[3 * i + 2], weight);
            }

            compared++;
        }

        Assert.True(compared >= 1);
    }

    /// <summary>The joint pairs, then the same observations with the parameters of the row before.</summary>
    private static (Tensor Theta, Tensor X) Pairs()
    {
        using var file = SampleFile.Open(GoldenFile.Path("fixtures/slcp-test.h5"));
        var (theta, x) = (new float[Rows * 5], new float[Rows * 8]);
        file.Read(0, theta, x);
        var (joint, observed) = (tensor(theta, Rows, 5), tensor(x, Rows, 8));
        return (cat([joint, joint.roll(1, 0)]), observed.repeat(2, 1));
    }

    private static void Close(float expected, float actual) =>
        Assert.True(Math.Abs(expected - actual) <= 2e-5 * Math.Abs(expected) + 1e-6, $"{actual} is not {expected}");
}
