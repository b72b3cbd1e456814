using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Processes;
using Amnre.Engine.Programs;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Tests.Programs;

/// <summary>The example of the documents, as a user would name it.</summary>
public sealed class ProgramSimulatorTests
{
    private static readonly string Examples = Path.Combine(AppContext.BaseDirectory, "examples", "simulators");

    [Theory]
    [InlineData("two-moons.yaml", "numpy")]
    [InlineData("two-moons-hdf5.yaml", "h5py, numpy")]
    [InlineData("two-moons-r.yaml", null)]
    public void The_example_draws_two_moons(string file, string? modules)
    {
        if (modules is null) RequireR();
        else PythonPrograms.Require(modules);
        var simulator = SimulatorCatalog.Find(file, Examples);
        using var processes = simulator as IDisposable;
        var (theta, x) = (new float[600], new float[600]);

        simulator.Sample(7, 100, theta, x);

        for (var i = 0; i < 600; i += 2)
        {
            Assert.All(theta[i..(i + 2)], value => Assert.InRange(value, -1, 1));
            var a = x[i] + MathF.Abs(theta[i] + theta[i + 1]) / MathF.Sqrt(2) - 0.25f;
            var b = x[i + 1] - (theta[i + 1] - theta[i]) / MathF.Sqrt(2);
            Assert.InRange(MathF.Sqrt(a * a + b * b), 0.04f, 0.16f);
            Assert.True(a >= -1e-6f);
        }

        var prior = new float[600];
        simulator.DrawPrior(7, 100, prior);
        Assert.Equal(theta, prior);
    }

    [Fact]
    public void Both_protocols_and_any_number_of_processes_and_batches_give_the_same_bytes()
    {
        PythonPrograms.Require("h5py, numpy");
        using var folder = new ScratchDirectory();
        foreach (var file in Directory.GetFiles(Examples)) File.Copy(file, folder[Path.GetFileName(file)]);
        var frames = File.ReadAllText(folder["two-moons.yaml"]);
        var (expectedTheta, expectedX) = Rows(folder, "two-moons.yaml", 401);
        foreach (var shape in (string[])["processes: 1", "processes: 3\nbatch: 7", "processes: 2\nbatch: 1000"])
        {
            File.WriteAllText(folder["two-moons.yaml"], frames + shape);
            var (theta, x) = Rows(folder, "two-moons.yaml", 401);
            Assert.Equal(expectedTheta, theta);
            Assert.Equal(expectedX, x);
        }

        var files = Rows(folder, "two-moons-hdf5.yaml", 401);
        Assert.Equal(expectedTheta, files.Theta);
        Assert.Equal(expectedX, files.X);
        // A part of the rows, drawn alone, is that part.
        Assert.Equal(expectedX[200..], Rows(folder, "two-moons.yaml", 301, first: 100).X);
    }

    [Fact]
    public void Rows_in_R_are_the_same_bytes_however_they_are_cut()
    {
        RequireR();
        using var folder = new ScratchDirectory();
        foreach (var file in Directory.GetFiles(Examples)) File.Copy(file, folder[Path.GetFileName(file)]);
        var whole = Rows(folder, "two-moons-r.yaml", 301);
        File.AppendAllText(folder["two-moons-r.yaml"], "processes: 2\nbatch: 7\n");

        Assert.Equal(whole.X, Rows(folder, "two-moons-r.yaml", 301).X);
        Assert.Equal(whole.X[200..], Rows(folder, "two-moons-r.yaml", 201, first: 100).X);
    }

    [Fact]
    public void Shards_of_a_program_gather_into_the_same_dataset_however_they_are_cut()
    {
        PythonPrograms.Require("numpy");
        using var folder = new ScratchDirectory();
        var simulator = SimulatorCatalog.Find("two-moons.yaml", Examples);
        using var processes = simulator as IDisposable;
        var datasets = new List<byte[]>();
        foreach (var cuts in (int[][])[[0, 300], [0, 90, 300]])
        {
            var shards = new List<string>();
            for (var i = 0; i + 1 < cuts.Length; i++)
            {
                var place = folder[$"{cuts.Length}-{i}"];
                ShardSampling.Run(
                    new SampleSettings { Simulator = simulator.Name, Seed = 5, Start = cuts[i], Rows = cuts[i + 1] - cuts[i] },
                    simulator, place, RunContexts.Quiet);
                shards.Add(Path.Combine(place, ShardSampling.OutputName));
            }

            var gathered = folder[$"{cuts.Length}"];
            ShardGathering.Run(new GatherSettings { Simulator = simulator.Name, Seed = 5, Rows = 300 }, simulator, shards, gathered,
                RunContexts.Quiet);
            datasets.Add(File.ReadAllBytes(Path.Combine(gathered, ShardGathering.OutputName)));
        }

        Assert.Equal(datasets[0], datasets[1]);
    }

    [Fact]
    public void A_program_that_says_it_is_not_reproducible_is_gathered_by_its_thetas()
    {
        using var programs = new PythonPrograms();
        const string Script =
            """
            import random
            while request := receive():
                a = bytearray(answer(request))
                a[24:28] = struct.pack('<f', random.random())
                a[-4:] = struct.pack('<f', random.random())
                send(bytes(a))
            """;
        using var honest = programs.Frames(Script, "processes: 1\nreproducible: false");
        Gather(honest);
        using var wrong = programs.Frames(Script, "processes: 1");
        Assert.Contains("does not hold rows", Assert.Throws<InputException>(() => Gather(wrong)).Message, StringComparison.Ordinal);

        static void Gather(ProgramSimulator simulator)
        {
            using var folder = new ScratchDirectory();
            ShardSampling.Run(new SampleSettings { Simulator = simulator.Name, Seed = 5, Start = 0, Rows = 30 }, simulator, folder.Root,
                RunContexts.Quiet);
            ShardGathering.Run(
                new GatherSettings { Simulator = simulator.Name, Seed = 5, Rows = 30 }, simulator, [folder[ShardSampling.OutputName]],
                folder["all"], RunContexts.Quiet);
        }
    }

    /// <summary>What the death of this process does: the guard's input ends while programs are on its list.</summary>
    [Fact]
    public void The_guard_kills_whatever_is_left_when_its_input_ends()
    {
        using var programs = new PythonPrograms();
        using var simulator = programs.Frames(
            """
            import subprocess
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen(['/bin/sleep', '1000'])
            while request := receive(): send(struct.pack('<4sIQII', b'AMRP', 1, request[0], 1, 2) + struct.pack('<2f', os.getpid(), child.pid))
            while True: time.sleep(100)
            """,
            "processes: 1");
        var pids = new float[2];
        simulator.Sample(1, 0, new float[2], pids, TestContext.Current.CancellationToken);
        Assert.All(pids, pid => Assert.True(IsAlive(pid)));
        // Another process of the same group, watched by a guard whose owner is gone.
        var guard = new ProgramGuard();
        guard.Add(3999999);
        guard.Add((int)pids[0]);
        guard.Remove(3999999);

        guard.Dispose();

        for (var wait = 0; wait < 3000 && pids.Any(IsAlive); wait++) Thread.Sleep(20);
        Assert.All(pids, pid => Assert.False(IsAlive(pid)));
    }

    private static bool IsAlive(float pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{(int)pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static (float[] Theta, float[] X) Rows(ScratchDirectory folder, string file, int rows, long first = 0)
    {
        var simulator = SimulatorCatalog.Find(file, folder.Root);
        using var processes = simulator as IDisposable;
        var (theta, x) = (new float[2 * rows], new float[2 * rows]);
        simulator.Sample(11, first, theta, x);
        return (theta, x);
    }

    private static void RequireR() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "Rscript"))),
        "no Rscript (Debian: r-base-core)");
}
