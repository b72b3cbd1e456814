using Amnre.Testing;
using PureHDF;

namespace Amnre.EndToEnd.Tests.Documents;

/// <summary>The commands of docs/simulators.md and docs/gravitational-waves.md, with fewer rows.</summary>
public sealed class SimulatorPagesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_with_a_simulator_of_its_own_runs_its_study()
    {
        using var study = new Study("");
        var example = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "own-simulator", "study.yaml"), Stop);
        await File.WriteAllTextAsync(study.ExperimentFile, example.Replace("rows: 32768", "rows: 4096", StringComparison.Ordinal)
            .Replace("epochs: 12, descents: 32", "epochs: 2, descents: 4, bs: 256", StringComparison.Ordinal)
            .Replace("bins: 48", "bins: 16", StringComparison.Ordinal), Stop);
        // As it was built with the tests: a build now would change what other tests run.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var command = CommandBlock.Of("docs/simulators.md")[0].Script
            .Replace("dotnet run", "dotnet run --no-build", StringComparison.Ordinal)
            .Replace("-c Release", $"-c {configuration}", StringComparison.Ordinal)
            .Replace("run examples/own-simulator/study.yaml", $"run {study.ExperimentFile} --store {study.Store}",
                StringComparison.Ordinal);

        Assert.Contains("noisy-line succeeded", await new DocumentShell(Repository.Root).RunAsync(command), StringComparison.Ordinal);
        Assert.NotEmpty(study.Results("noisy-line")["figures/corner.png"]);
    }

    [Fact]
    public async Task Reference_draws_of_true_posteriors_are_made()
    {
        using var study = new Study("");
        var page = CommandBlock.Of("docs/simulators.md");
        Assert.Equal(2, page.Count);
        await new DocumentShell(study.Folder).RunAsync(page[1].Script.Replace("--draws 10000", "--draws 200", StringComparison.Ordinal));
        Assert.Equal(11, (await File.ReadAllLinesAsync(Path.Combine(study.Folder, "two-moons-truth_quality.csv"), Stop)).Length);
    }

    [Fact]
    public async Task Gravitational_waves_are_drawn_packed_and_studied()
    {
        using var study = new Study("");
        var page = CommandBlock.Of("docs/gravitational-waves.md");
        Assert.Equal(3, page.Count);
        Directory.CreateDirectory(Path.Combine(study.Folder, "experiments", "small"));
        var small = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "experiments", "small", "gw.yaml"), Stop);
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "experiments", "small", "gw.yaml"), new[]
        {
            ("draws: 512, held_out: 64", "draws: 136, held_out: 8"), ("rows: 8192", "rows: 256"), ("rows: 512", "rows: 64"),
            ("replicates: 2", "replicates: 1"), ("epochs: 4", "epochs: 1"),
            ("bs: 256", "bs: 64"), ("steps: 192", "steps: 16"), ("burn: 64", "burn: 4"), ("indices: [0, 64]", "indices: [0, 4]"),
            ("bins: 32", "bins: 12"), ("bins: 48", "bins: 12"),
        }.Aggregate(small, (text, one) => text.Replace(one.Item1, one.Item2, StringComparison.Ordinal)), Stop);
        Measurements(study.Folder);
        var shell = new DocumentShell(study.Folder);

        await shell.RunAsync(Fewer(page[0].Script));
        Assert.NotEmpty(study.Results("gw-small")["figures/loss-gw-amnre.png"]);
        await shell.RunAsync(page[1].Script);
        Assert.True(File.Exists(Path.Combine(study.Folder, "gw-event.h5")));
        var (code, printed) = await shell.TryAsync(Fewer(page[2].Script));
        // On a machine without a GPU it says so.
        Assert.True(code == 0 || (code == 2 && printed.Contains("CUDA", StringComparison.Ordinal)), printed);
    }

    private static string Fewer(string script) => script.Replace("-samples 4194304", "-samples 256", StringComparison.Ordinal);

    /// <summary>Noise and strain of both detectors, under the names of the page and in the Open Science Center's layout.</summary>
    private static void Measurements(string folder)
    {
        foreach (var detector in (string[])["H1", "L1"])
            File.WriteAllLines(Path.Combine(folder, $"PSD_{detector}.txt"), Enumerable.Range(1, 8193).Select(i => $"{i / 8.0} 1e-46"));
        var strain = new double[32 * 4096];
        for (var i = 0; i < strain.Length; i++) strain[i] = 1e-21 * Math.Sin(i / 7.0);
        foreach (var name in (string[])["H-H1_LOSC_4_V2-1126259446-32.hdf5", "L-L1_LOSC_4_V2-1126259446-32.hdf5"])
        {
            var dataset = new H5Dataset(strain);
            dataset.Attributes["Xspacing"] = 1.0 / 4096;
            new H5File
            {
                ["strain"] = new H5Group { ["Strain"] = dataset },
                ["meta"] = new H5Group { ["GPSstart"] = new H5Dataset(new long[] { 1126259446 }) },
            }.Write(Path.Combine(folder, name));
        }
    }
}
