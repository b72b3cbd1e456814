using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;

namespace Amnre.Engine.Tests.Verdicts;

public sealed class VerdictReportTests
{
    private static readonly VerdictInputs Inputs = new("m.pth", "d.h5", null, null, null, [], null) { NamesFiles = false };

    [Fact]
    public void A_report_is_read_as_it_was_written_and_names_no_files_of_a_job()
    {
        CheckResult[] checks =
            [Check(VerdictCheck.Coverage, 0.08), Check(VerdictCheck.Information, -0.2), Check(VerdictCheck.Draws, double.NaN)];
        var verdict = new Verdict(64, checks, [new ObservationVerdict(3, [Check(VerdictCheck.Likeness, 0.4)])], []);

        var text = VerdictJson.Text(verdict, new VerdictSettings(), Inputs);
        var read = VerdictReport.Parse(text);

        Assert.Equal([.. checks, Check(VerdictCheck.Likeness, 0.4) with { Sentence = "observation 3: found" }], read.Checks);
        Assert.Equal((64, Engine.Verdicts.CheckOutcome.Fail), (read.Rows, read.Outcome));
        Assert.DoesNotContain("m.pth", text, StringComparison.Ordinal);
        Assert.Contains("m.pth", VerdictJson.Text(verdict, new VerdictSettings(), Inputs with { NamesFiles = true }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_met_is_said_with_its_number_and_limit()
    {
        var report = new VerdictReport(64, Engine.Verdicts.CheckOutcome.Fail,
            [Check(VerdictCheck.Coverage, 0.08), Check(VerdictCheck.Ranks, 0.02), Check(VerdictCheck.Information, -0.7),
                Check(VerdictCheck.Draws, double.NaN)]);

        Assert.Equal(["coverage 0.08 is above 0.05, required by evaluation 'check': found"],
            Unmet(VerdictCheck.Coverage, VerdictCheck.Ranks));
        Assert.Equal(["information -0.7 is below -0.5, required by evaluation 'check': found"], Unmet(VerdictCheck.Information));
        Assert.Equal(["draws is not a number, required by evaluation 'check': found"], Unmet(VerdictCheck.Draws));
        Assert.Equal(["c2st could not be checked, and is required by evaluation 'check'"], Unmet(VerdictCheck.C2st));
        Assert.Empty(Unmet(VerdictCheck.Ranks));

        IReadOnlyList<string> Unmet(params VerdictCheck[] required) => report.Unmet(required, "evaluation 'check'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"rows":64}""")]
    [InlineData("""{"rows":64,"checks":[{"check":"cover"}],"observations":[]}""")]
    [InlineData("""{"rows":64,"checks":[{"check":"coverage","verdict":"fail"}],"observations":[]}""")]
    [InlineData("""{"rows":6.5,"checks":[],"observations":[]}""")]
    public void What_is_no_report_is_refused(string text) => Assert.Throws<FormatException>(() => VerdictReport.Parse(text));

    private static CheckResult Check(VerdictCheck check, double number)
    {
        var limit = VerdictLimits.Defaults[check];
        return new CheckResult(check, number, limit, limit.Of(number), "found");
    }
}
