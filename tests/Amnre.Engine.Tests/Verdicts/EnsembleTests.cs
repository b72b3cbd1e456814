using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;
using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>Models that were trained alike, at one observation: exact posteriors whose means are moved.</summary>
public sealed class EnsembleTests
{
    private static readonly LinearStudy Study = new(3, 5, 0.7, 1);

    /// <summary>Two means δ widths apart deviate by δ/√2: 0.3 widths by 0.21, 0.6 by 0.42, two by 1.41.</summary>
    [Theory]
    [InlineData(0, "pass")]
    [InlineData(0.3, "pass")]
    [InlineData(0.6, "warn")]
    [InlineData(2, "fail")]
    public void Members_that_place_a_parameter_elsewhere_are_told(double widths, string verdict)
    {
        var (theta, x) = (new float[3], new float[5]);
        Study.Sample(3, 0, theta, x);
        var moved = new NormalModel(Study) { Centre = (_, mean) => mean + widths * Math.Sqrt(Study.Covariance[1, 1]) * Unit };

        var found = ObservationMeasurement.Of(
            Study, new NormalModel(Study), [moved], x, [x, x], null, 0, 1, RunContexts.Quiet);

        var check = ObservationChecks.Of(found, VerdictLimits.Defaults).Single(one => one.Check == VerdictCheck.Ensemble);
        Assert.Equal(widths / Math.Sqrt(2), check.Number, 0.01);
        Assert.Equal(verdict, EnumName.Of(check.Outcome));
        if (widths > 0) Assert.Contains("2 models place p1", check.Sentence, StringComparison.Ordinal);
    }

    private static Vector<double> Unit => Vector<double>.Build.Dense([0, 1, 0]);
}
