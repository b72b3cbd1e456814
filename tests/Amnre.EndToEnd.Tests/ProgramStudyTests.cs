using System.Diagnostics;

namespace Amnre.EndToEnd.Tests;

/// <summary>Studies of simulators that are programs.</summary>
public sealed class ProgramStudyTests
{
    private const string Python = "/usr/bin/python3";

    private const string Moons =
        """
        name: moons
        simulator: simulators/two-moons.yaml
        datasets:
          train: { rows: 6000, seed: 0, shards: 2 }
          test: { rows: 200, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, model: { num_layers: 2, hidden_size: 32 }, epochs: 3, descents: 8, bs: 256 }
        evaluations:
          some: { data: test, indices: [0, 1], bins: 16 }
        figures:
          corner: { type: corner, evaluation: some, row: 0, masks: ["11"] }
        """;

    [Fact]
    public async Task A_study_of_a_Python_program_runs_from_simulations_to_figures()
    {
        Assert.SkipUnless(HasNumpy(), $"no {Python} with numpy (Debian: python3-numpy)");
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Moons);
        Directory.CreateDirectory(Path.Combine(study.Folder, "simulators"));
        foreach (var file in (string[])["two-moons.yaml", "two_moons.py"])
            File.Copy(Path.Combine(AppContext.BaseDirectory, "examples", "simulators", file),
                Path.Combine(study.Folder, "simulators", file));

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 0, printed);
        var results = study.Results("moons");
        Assert.All(["figures/corner.png", "models/amnre.pth", "results/amnre_some.csv", "samples/train.h5"],
            path => Assert.NotEmpty(results[path]));

        // An edit of the script is an edit of the simulator.
        var script = Path.Combine(study.Folder, "simulators", "two_moons.py");
        await File.WriteAllTextAsync(script,
            (await File.ReadAllTextAsync(script, stop)).Replace("+ 0.25", "+ 0.26", StringComparison.Ordinal), stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 reused", printed, StringComparison.Ordinal);
        Assert.NotEqual(results["samples/train.h5"], study.Results("moons")["samples/train.h5"]);
    }

    /// <summary>From the manifest's file of events to posteriors, figures and a comparison of two evaluations of them.</summary>
    [Fact]
    public async Task Events_of_a_manifest_are_a_dataset_of_a_study()
    {
        Assert.SkipUnless(HasNumpy(), $"no {Python} with numpy (Debian: python3-numpy)");
        var stop = TestContext.Current.CancellationToken;
        const string Events =
            """
            name: events
            simulator: two-moons.yaml
            datasets:
              train: { rows: 2000, seed: 0 }
              event: { events: true }
            models:
              amnre: { samples: train, arbitrary: true, model: { num_layers: 2, hidden_size: 32 }, epochs: 2, bs: 256 }
            evaluations:
              known: { data: event, indices: [0, 2], masks: [=1, =2], bins: 16, draws: 60, coverage: true, clean: true }
              seen: { data: event, indices: [0, 2], masks: [=1, =2], bins: 16, draws: 60, seed: 1, reference: known, predictive: true }
            figures:
              corner: { type: corner, evaluation: seen, row: 1, masks: ["11"] }
              told: { type: information, evaluation: seen, row: 1 }
              predictive: { type: predictive, evaluation: seen, row: 1 }
            """;
        using var study = new Study(Events);
        foreach (var file in (string[])["two-moons.yaml", "two_moons.py"])
            File.Copy(Path.Combine(AppContext.BaseDirectory, "examples", "simulators", file), Path.Combine(study.Folder, file));
        await File.AppendAllTextAsync(Path.Combine(study.Folder, "two-moons.yaml"), "\nevents: seen.json\n", stop);
        var seen = Path.Combine(study.Folder, "seen.json");
        await File.WriteAllTextAsync(seen, """{"x": [[0.1, 0.2], [-0.3, 0.05]], "theta": [[0.25, 0.5], [-0.5, 0.125]]}""", stop);

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 0, printed);
        var results = study.Results("events");
        Assert.All(["figures/corner.png", "figures/told.png", "figures/predictive.png", "results/amnre_seen_c2st.csv",
            "results/amnre_known_coverage.csv", "results/amnre_seen_draws.h5"], path => Assert.NotEmpty(results[path]));
        using (var event_ = Engine.SampleFiles.SampleFile.Open(Path.Combine(study.Store, "events", "samples", "event.h5")))
        {
            var (theta, x) = (new float[4], new float[4]);
            event_.Read(0, theta, x);
            Assert.Equal([0.1f, 0.2f, -0.3f, 0.05f], x);
            Assert.Equal([0.25f, 0.5f, -0.5f, 0.125f], theta);
        }

        // Other events are another dataset, and train nothing again.
        await File.WriteAllTextAsync(seen, """{"x": [[0.1, 0.2], [-0.3, 0.06]], "theta": [[0.25, 0.5], [-0.5, 0.125]]}""", stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("6 jobs run, 3 reused", printed, StringComparison.Ordinal);
        Assert.Equal(results["models/amnre.pth"], study.Results("events")["models/amnre.pth"]);
    }

    [Fact]
    public async Task A_program_that_fails_is_named_and_one_of_a_killed_worker_does_not_live_on()
    {
        Assert.SkipUnless(File.Exists(Python), $"there is no {Python}");
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study("name: stuck\nsimulator: ./stuck.yaml\ndatasets: { one: { rows: 10 } }");
        var pid = Path.Combine(study.Folder, "pid");
        var script = Path.Combine(study.Folder, "stuck.py");
        var manifest = Path.Combine(study.Folder, "stuck.yaml");
        await File.WriteAllTextAsync(manifest, $"name: stuck\nparameters: {{ a: {{ uniform: [0, 1] }} }}\nobservation: [1]\nprotocol: " +
            $"frames\ncommand: [{Python}, stuck.py]\nprocesses: 1\nretries: 0\n", stop);
        // It leaves a daemon in a session of its own, whose parent has ended.
        await File.WriteAllTextAsync(
            script,
            $"""
            import os, time
            main = os.getpid()
            if os.fork() == 0:
                os.setsid()
                if os.fork(): os._exit(0)
                open('{pid}.part', 'w').write(f'{"{main} {os.getpid()}"}')
                os.rename('{pid}.part', '{pid}')
            while True: time.sleep(100)

            """,
            stop);
        using (var running = AmnreProcess.Start(study.RunArguments))
        {
            for (var wait = 0; wait < 12000 && !File.Exists(pid); wait++) await Task.Delay(50, stop);
            int[] programs = [.. (await File.ReadAllTextAsync(pid, stop)).Split(' ').Select(int.Parse)];
            Assert.All(programs, program => Assert.True(Lives(program)));
            // The worker itself, which then can do nothing more for its program.
            Process.GetProcessById(ParentOf(programs[0])).Kill();
            for (var wait = 0; wait < 2400 && programs.Any(Lives); wait++) await Task.Delay(50, stop);
            Assert.All(programs, program => Assert.False(Lives(program), running.Printed));
            running.Interrupt();
            await running.EndAsync(stop);
        }

        await File.WriteAllTextAsync(script, "import sys\nsys.exit('no licence found')\n", stop);
        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 1, printed);
        Assert.Contains("simulator stuck: rows 0 to 9 of seed 0 failed 1 time. Row 0 has a = ", printed, StringComparison.Ordinal);
        Assert.Contains("no licence found", printed, StringComparison.Ordinal);
    }

    private static bool HasNumpy()
    {
        if (!File.Exists(Python)) return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import numpy"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static bool Lives(int pid) => Stat(pid) is [not "Z", ..];

    private static int ParentOf(int pid) => int.Parse(Stat(pid)[1]);

    /// <summary>State, parent and what follows; empty when there is no such process.</summary>
    private static string[] Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
