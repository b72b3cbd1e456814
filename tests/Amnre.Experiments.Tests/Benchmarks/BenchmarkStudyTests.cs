using Amnre.Engine.Settings;
using Amnre.Experiments.Benchmarks;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests.Benchmarks;

/// <summary>What the benchmark writes is an experiment file of the cells asked for.</summary>
public sealed class BenchmarkStudyTests
{
    private static readonly BenchmarkRequest Request = new()
    {
        Name = "sbibm",
        Tasks = Amnre.Engine.Benchmarks.PublishedResults.Tasks,
        Budgets = [100, 1000, 2000, 10_000, 100_000],
        Methods = BenchmarkRecipes.Methods,
    };

    [Fact]
    public void Every_cell_is_trained_and_evaluated_and_every_truth_is_drawn_once()
    {
        var plan = Plan(Request);
        foreach (var task in Request.Tasks)
        {
            foreach (var budget in Request.Budgets)
            {
                foreach (var method in Request.Methods)
                {
                    var model = BenchmarkStudy.ModelOf(task, budget, method);
                    Assert.Contains(plan.Jobs, job => job.Name == $"train/{model}");
                    Assert.Contains(plan.Jobs, job => job.Name == $"evaluate/{BenchmarkStudy.CoverageOf(task)}/{model}");
                    Assert.Contains(new JobInput("reference", $"truth/{BenchmarkStudy.ComparisonOf(task)}", "draws.h5"),
                        plan.Jobs.Single(job => job.Name == $"evaluate/{BenchmarkStudy.ComparisonOf(task)}/{model}").Inputs);
                }
            }
        }

        Assert.Equal(Request.Tasks.Count, plan.Jobs.Count(job => job.Kind == JobKind.Truth));
    }

    [Fact]
    public void No_more_rows_are_simulated_for_a_model_than_its_budget()
    {
        var rows = Plan(Request).Jobs.Where(job => job.Kind == JobKind.Gather).ToDictionary(job => job.Name,
            job => CanonicalJson.Read<GatherSettings>(job.Settings));
        foreach (var budget in Request.Budgets)
        {
            var stem = $"gather/sir-{BenchmarkStudy.Spelt(budget)}";
            var (train, valid) = (rows[$"{stem}-train"], rows[$"{stem}-valid"]);
            Assert.Equal(budget, train.Rows + valid.Rows);
            Assert.Equal(train.Rows, train.Dump);
            Assert.NotEqual(train.Seed, valid.Seed);
        }
    }

    [Theory]
    [InlineData(1000, "1e3")]
    [InlineData(100_000, "1e5")]
    [InlineData(2000, "2000")]
    [InlineData(100, "100")]
    public void Budgets_are_spelt_as_the_benchmark_spells_them(int budget, string text) => Assert.Equal(text, BenchmarkStudy.Spelt(budget));

    [Fact]
    public void A_request_decides_the_file()
    {
        var one = Request with { Tasks = ["slcp"], Budgets = [1000] };
        var other = one with { Seed = 1 };
        Assert.Equal(BenchmarkStudy.Text(one), BenchmarkStudy.Text(one with { }));
        Assert.Empty(Plan(one).Jobs.Where(job => job.Kind == JobKind.Train).Select(job => job.Fingerprint)
            .Intersect(Plan(other).Jobs.Select(job => job.Fingerprint)));
        Assert.DoesNotContain("coverage", BenchmarkStudy.Text(one with { CoverageRows = 0 }), StringComparison.Ordinal);
        Assert.Contains("masks: [=1, =2, \"11111\"]", BenchmarkStudy.Text(one), StringComparison.Ordinal);
        Assert.Contains("masks: [\"11111\"], bins: 20, clean: true,\n",
            BenchmarkStudy.Text(one with { Marginals = false }), StringComparison.Ordinal);
        Assert.Contains("reference: 'it''s.h5'",
            BenchmarkStudy.Text(one with { References = new Dictionary<string, string> { ["slcp"] = "it's.h5" } }),
            StringComparison.Ordinal);
    }

    private static ExperimentPlan Plan(BenchmarkRequest request) =>
        Planner.Plan(ExperimentReader.ReadAll("sbibm.yaml", BenchmarkStudy.Text(request)));
}
