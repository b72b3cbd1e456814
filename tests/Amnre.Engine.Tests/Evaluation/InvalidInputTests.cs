using Amnre.Engine.Settings;
using PureHDF;

namespace Amnre.Engine.Tests.Evaluation;

public sealed class InvalidInputTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void An_observation_that_is_not_finite_is_named()
    {
        var (theta, x) = (new float[4, 5], new float[4, 4, 2]);
        x[2, 1, 0] = float.NaN;
        new H5File { ["theta"] = theta, ["x"] = x }.Write(_scratch["nan.h5"]);
        var settings = FixtureResults.Settings("slcp") with { Masks = ["=1"], Last = 4 };

        Assert.Contains("observation row 2 holds NaN", Error("slcp-amnre", "nan.h5", settings), StringComparison.Ordinal);
        Assert.Contains("observation row 2 holds NaN", Error("slcp-amnre", "nan.h5", settings with { Last = 0, Kl = true }),
            StringComparison.Ordinal);
        FixtureResults.Run("slcp-amnre", _scratch["nan.h5"], settings with { Last = 2 }, _scratch["out.csv"]);
    }

    [Fact]
    public void Samples_of_another_width_are_named()
    {
        var settings = FixtureResults.Settings("slcp") with { Masks = ["=1"] };
        Assert.Contains("observations of shape (7) are not those of SLCP, (4, 2)",
            Error("slcp-amnre", FixtureResults.Samples("hh-test"), settings), StringComparison.Ordinal);

        new H5File { ["theta"] = new float[4, 3], ["x"] = new float[4, 4, 2] }.Write(_scratch["narrow.h5"]);
        Assert.Contains("has 3 parameters, but SLCP has 5", Error("slcp-amnre", "narrow.h5", settings), StringComparison.Ordinal);
        new H5File { ["x"] = new float[4, 4, 2] }.Write(_scratch["bare.h5"]);
        Assert.Contains("need the true parameters", Error("slcp-amnre", "bare.h5", settings with { Calibration = true }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_has_none_of_the_masks_is_refused() =>
        Assert.Contains(
            "trained for none of the masks 11100: ask for others",
            Error("slcp-mnre-fl", FixtureResults.Samples("slcp-test"), FixtureResults.Settings("slcp") with { Masks = ["11100"] }),
            StringComparison.Ordinal);

    private string Error(string model, string samples, EvaluateSettings settings) =>
        Assert.Throws<InputException>(
            () =>
            {
                FixtureResults.Run(model, Path.IsPathRooted(samples)
                ? samples
                : _scratch[samples], settings, _scratch["out.csv"]);
            }).Message;
}
