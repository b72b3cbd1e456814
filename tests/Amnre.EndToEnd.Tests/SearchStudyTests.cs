using System.Diagnostics;
using System.Globalization;

namespace Amnre.EndToEnd.Tests;

/// <summary>A search that prunes, through the real command.</summary>
public sealed class SearchStudyTests
{
    private const string Search =
        """
        name: hunt
        simulator: SLCP
        datasets:
          train: { rows: 2048, seed: 0 }
          valid: { rows: 512, seed: 1 }
        models:
          best:
            samples: train
            valid: valid
            arbitrary: true
            bs: 256
            epochs: 40
            search:
              over: { grid: { lr: [1e-2, 1e-3], model.hidden_size: [8, 32] } }
              halving: { first: 4, factor: 2 }
        evaluations:
          check: { data: valid, indices: [0, 2], masks: [=1], bins: 16 }
        """;

    private const string Grid =
        """
        name: grid
        simulator: SLCP
        datasets:
          train: { rows: 2048, seed: 0 }
          valid: { rows: 512, seed: 1 }
        models:
          all:
            samples: train
            valid: valid
            arbitrary: true
            bs: 256
            epochs: 40
            sweep: { grid: { lr: [1e-2, 1e-3], model.hidden_size: [8, 32] } }
        """;

    [Fact]
    public async Task Killed_at_every_level_a_search_chooses_the_same_and_ends_with_the_same_bytes()
    {
        var stop = TestContext.Current.CancellationToken;
        using var quiet = new Study(Search);
        var (code, printed) = await AmnreProcess.RunAsync(stop, quiet.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("pruned at rung 1", printed, StringComparison.Ordinal);
        Assert.Contains("search best", printed, StringComparison.Ordinal);
        Assert.Contains("chosen at rung", printed, StringComparison.Ordinal);
        var expected = quiet.Results("hunt");
        Assert.Contains("searches/best/rung-3.json", expected.Keys);
        Assert.Contains("results/best_check.csv", expected.Keys);

        using var disturbed = new Study(Search);
        for (var round = 1; round <= 4; round++)
        {
            using var run = AmnreProcess.Start(disturbed.RunArguments);
            await Task.Delay(TimeSpan.FromSeconds(2 + (2 * round)), stop);
            foreach (var child in Children(run.Id)) Kill(child);
            run.KillHard();
            await run.EndAsync(stop);
        }

        (code, printed) = await AmnreProcess.RunAsync(stop, disturbed.RunArguments);
        Assert.True(code == 0, printed);
        Same(expected, disturbed.Results("hunt"));
    }

    [Fact]
    public async Task A_grid_that_exists_is_reused_by_a_search_and_its_winner_is_the_grids_training()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Grid);
        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        await File.WriteAllTextAsync(study.ExperimentFile, Search, stop);

        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 0, printed);
        Assert.DoesNotContain("train/best/3/lr_1e-2-hidden_size_32 running", printed, StringComparison.Ordinal);
        var (found, all) = (study.Results("hunt"), study.Results("grid"));
        Assert.Contains(all, one => one.Key.StartsWith("models/all-", StringComparison.Ordinal)
            && one.Value.AsSpan().SequenceEqual(found["models/best.pth"]));

        // Again nothing runs, and the decisions apply at once.
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 jobs run", printed, StringComparison.Ordinal);
    }

    private static void Same(SortedDictionary<string, byte[]> expected, SortedDictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (path, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(actual[path]), $"{path} differs");
    }

    private static List<int> Children(int parent) => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _)).Select(int.Parse!).Where(process => ParentOf(process) == parent)];

    private static int? ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // Ended while we looked.
        }
    }

    private static void Kill(int process)
    {
        try
        {
            Process.GetProcessById(process).Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }
}
