using Amnre.Engine.Catalog;
using Amnre.Engine.Draws;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>What no array holds is refused before the work, in words.</summary>
public sealed class LargeRequestTests
{
    private static readonly ISimulator Slcp = SimulatorCatalog.Find("SLCP");

    [Fact]
    public void Divergences_are_of_any_number_of_rows_since_no_pair_is_kept()
    {
        using var model = Model();
        long rows = Array.MaxLength;

        Assert.DoesNotContain(new PairTests(model, [ParameterMask.Full(5)], rows, classify: false).Summary(),
            pair => pair.Name.StartsWith("auc", StringComparison.Ordinal));
        Assert.Contains("too many to classify",
            Assert.Throws<InputException>(() => new PairTests(model, [ParameterMask.Full(5)], rows, classify: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_no_array_holds_is_refused()
    {
        using var rows = ObservationRows.Open(FixtureResults.Samples("slcp-test"), Slcp);

        Assert.Contains("more than can be held at once", Assert.Throws<InputException>(() => rows.Read(0, 1 << 29)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_that_no_array_holds_are_refused()
    {
        using var model = Model();
        var settings = FixtureResults.Settings("slcp") with { Masks = ["11111"], Last = 1 << 10 };
        var inputs = new EvaluateInputs("model.pth", FixtureResults.Samples("slcp-test"));

        var error = Assert.Throws<InputException>(() => PosteriorDraws.Of(settings, Slcp, model, inputs, 1 << 20, RunContexts.Quiet));

        Assert.Contains("1073741824 draws of 5 values are more than can be held at once", error.Message, StringComparison.Ordinal);
    }

    private static TrainedModel Model() => TrainedModel.Load(GoldenFile.Path("fixtures/slcp-amnre.pth"), Slcp, 1);
}
