using System.Globalization;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Experiments.Tests;

/// <summary>Files that no person writes: output, time and memory stay in proportion to the file.</summary>
public sealed class LargeFileTests
{
    private const string Head = "name: big\nsimulator: SLCP\ndatasets:\n  train: { rows: 1000 }\n  test: { rows: 100, seed: 1 }\n";

    public static TheoryData<string> Kinds => [.. Files.Keys];

    private static readonly Dictionary<string, Func<string>> Files = new()
    {
        ["extends of what is not there"] = () =>
            $"{Head}models:\n{Lines(6000, i => $"m{i}: {{ samples: train, seed: {i}, extends: nothere{i} }}")}",
        ["unknown fields"] = () => $"{Head}models:\n  m:\n    samples: train\n{Lines(200_000, i => $"  f{i}: 1")}",
        ["fields inherited again and again"] = () =>
            $"{Head}models:\n  m0:\n    samples: " +
                $"train\n{Lines(50_000, i => $"  f{i}: 1")}{Lines(6000, i => $"m{i + 1}: {{ extends: m0, seed: {i} }}")}",
        ["fields swept again and again"] = () =>
            $"{Head}models:\n  m0:\n    samples: train\n{Lines(50_000, i => $"  f{i}: 1")}    sweep: {{ grid: {{ seed: " +
                $"[{Numbers(10_000)}] }} }}\n",
        ["members"] = () =>
            $"{Head}models:\n{Lines(3, i => $"m{i}: {{ samples: train, replicates: 64, sweep: {{ grid: {{ lr: [{Numbers(100)}], wd: [{Numbers(100)}] }} }} }}")}",
        ["wrong references"] = () => $"{Head}models:\n{Lines(20_000, i => $"m{i}: {{ samples: nothere, seed: {i} }}")}",
        ["wrong rows"] = () => $"name: big\nsimulator: SLCP\ndatasets:\n{Lines(50_000, i => $"d{i}: {{ rows: -1, seed: {i} }}")}",
        ["shards"] = () =>
            $"name: big\nsimulator: SLCP\ndatasets:\n{Lines(1000, i => $"d{i}: {{ rows: 1000000, shards: 10000, seed: {i} }}")}",
        ["evaluations of every model"] = () =>
            $"{Head}models:\n{Lines(2000, i => $"m{i}: {{ samples: train, seed: {i} }}")}evaluations:\n{Lines(2000, i => $"e{i}: {{ data: test, seed: {i} }}")}",
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_said_of_them_is_short(string kind)
    {
        var text = Files[kind]();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refused = Assert.Throws<ExperimentException>(() => ExperimentReader.Read("big.yaml", text));

        Assert.InRange(refused.Errors.Count, 1, 100);
        Assert.InRange(refused.Message.Length, 20, 50_000);
        // Counted instead of timed: what takes minutes makes gigabytes here.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_500_000_000);
    }

    [Fact]
    public void The_first_hundred_errors_are_all_that_is_reported_and_the_reader_knows_it()
    {
        var refused = Assert.Throws<ExperimentException>(() => ExperimentReader.Read("big.yaml", Files["unknown fields"]()));

        Assert.Equal((100, true), (refused.Errors.Count, refused.MayBeMore));
        Assert.Contains("unknown field 'f0'", refused.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_extends_is_read()
    {
        var chain = ExperimentReader.Read("chain.yaml",
            $"{Head}models:\n  m0: {{ samples: train }}\n{Lines(3000, i => $"m{i + 1}: {{ extends: m{i}, seed: {i + 1} }}")}");

        Assert.Equal(3001, Planner.Plan(chain).Jobs.Count(job => job.Name.StartsWith("train/", StringComparison.Ordinal)));
    }

    private static string Lines(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"  {line(i)}\n"));

    private static string Numbers(int count) =>
        string.Join(",", Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture)));
}
