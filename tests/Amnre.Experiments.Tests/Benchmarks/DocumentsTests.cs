using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Experiments.Tests.Benchmarks;

/// <summary>A file of several documents is one study of several simulators.</summary>
public sealed class DocumentsTests
{
    private const string First =
        """
        name: both
        simulator: sbibm-two-moons
        at_most: 3
        datasets: { moons: { rows: 100 } }
        models: { moons-nre: { samples: moons, epochs: 1 } }
        evaluations: { moons-c2st: { data: moons, masks: ["11"], draws: 64, clean: true, reference: likelihood } }
        figures: { moons-loss: { type: loss } }
        """;

    private const string Second =
        """
        name: both
        simulator: sbibm-sir
        datasets: { sir: { rows: 200 } }
        models: { sir-nre: { samples: sir, epochs: 1 } }
        evaluations: { sir-c2st: { data: sir, masks: ["11"], draws: 64, clean: true, reference: likelihood } }
        """;

    [Fact]
    public void All_documents_are_one_plan()
    {
        var parts = Read(Second);
        var (one, other, all) = (Planner.Plan(parts[0]), Planner.Plan(parts[1]), Planner.Plan(parts));
        Assert.Equal(("both", 3), (all.Name, all.AtMost));
        Assert.Equal(one.Jobs.Concat(other.Jobs).Select(job => (job.Name, job.Fingerprint)),
            all.Jobs.Select(job => (job.Name, job.Fingerprint)));
        Assert.Equal(["sbibm-two-moons", "sbibm-sir"], parts.Select(part => part.Simulator));
        Assert.Equal(PlanNeeds.Of(parts[0]).DiskBytes + PlanNeeds.Of(parts[1]).DiskBytes, PlanNeeds.Of(parts).DiskBytes);
        Assert.Equal(["moons", "moons-nre", "moons-c2st", "moons-loss", "sir", "sir-nre", "sir-c2st"],
            PlanSummary.Of(parts, all).Rows.Select(row => row.Section));
    }

    [Theory]
    [InlineData("name: both", "name: other", "name 'other' is not that of the file's first document")]
    [InlineData("{ sir: {", "{ moons: {", "'moons' is the name of one of the datasets of a document above")]
    [InlineData("sir-nre:", "moons-nre:", "'moons-nre' is the name of one of the models of a document above")]
    [InlineData("sir-c2st:", "moons-c2st:", "'moons-c2st' is the name of one of the evaluations of a document above")]
    [InlineData("simulator:", "at_most: 2\nsimulator:", "at_most 2 is not that of the file's first document")]
    public void What_documents_must_share_or_not_is_refused(string from, string to, string message)
    {
        var text = Second.Replace(from, to, StringComparison.Ordinal);
        // What reads the dataset names it as it is called then.
        if (from == "{ sir: {")
            text = text.Replace("samples: sir", "samples: moons", StringComparison.Ordinal)
                .Replace("data: sir", "data: moons", StringComparison.Ordinal);
        var error = Assert.Single(Assert.Throws<ExperimentException>(() => Read(text)).Errors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line, 9, 14);
    }

    [Fact]
    public void Errors_of_all_documents_are_reported_at_once()
    {
        var (first, second) = (First.Replace("rows: 100", "rows: none", StringComparison.Ordinal),
            Second.Replace("200", "few", StringComparison.Ordinal));
        var errors = Assert.Throws<ExperimentException>(() => ExperimentReader.ReadAll("both.yaml", $"{first}\n---\n{second}")).Errors;
        Assert.Contains(errors, error => error.Line == 4);
        Assert.Contains(errors, error => error.Line == 11);
    }

    private static IReadOnlyList<ExperimentFile> Read(string second) => ExperimentReader.ReadAll("both.yaml", $"{First}\n---\n{second}");
}
