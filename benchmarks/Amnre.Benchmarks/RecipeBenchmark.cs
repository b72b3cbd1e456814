using System.Diagnostics;

namespace Amnre.Benchmarks;

/// <summary>The evaluation that the original's study of SLCP repeats most, as a command in a process of its own:
/// <c>-masks =1 =2 -indices 0 64 -clean -accuracy -consistency</c> of an AMNRE of 7×256, whose training is cut short.</summary>
internal static class RecipeBenchmark
{
    private const int Observations = 4, AllObservations = 64;

    public static IEnumerable<string> Run()
    {
        if (Program() is not { } program)
        {
            yield return "the SLCP recipe: not measured, the command is not built (dotnet build src/Amnre.Cli -c Release)";
            yield break;
        }

        using var scratch = new ScratchFolder();
        var folder = scratch.Root;
        Time("sample -seed 1 -samples 65536 -o train.h5");
        Time("sample -seed 2 -samples 1024 -o test.h5");
        Time("train -samples train.h5 -epochs 1 -descents 64 -arbitrary -seed 1 -o model.pth -model",
            """{"num_layers": 7, "hidden_size": 256, "activation": "ELU"}""");
        foreach (var truth in (string[])["chains", "exact"])
        {
            // What a process takes before and after its observations counts once.
            var (one, more) = (Seconds(truth, 1), Seconds(truth, 1 + Observations));
            var each = (more - one) / Observations;
            yield return $"the SLCP recipe, truth by {truth}: {each:0.0} s an observation, so " +
                $"{(one + (AllObservations - 1) * each) / 60:0.0} minutes for {AllObservations}";
        }

        double Seconds(string truth, int last)
        {
            foreach (var kept in Directory.GetFiles(folder, "test_*")) File.Delete(kept);
            return Time($"eval model.pth test.h5 -masks =1 =2 -indices 0 {last} -clean -accuracy -consistency --truth {truth} -o out.csv");
        }

        double Time(string line, params string[] more)
        {
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo(program, [.. line.Split(' '), .. more])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? watch.Elapsed.TotalSeconds
                : throw new InvalidOperationException($"amnre {line}: {error.Result}");
        }
    }

    /// <summary>The command beside this program in the folder of all programs built.</summary>
    private static string? Program()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = Path.Combine(folder.FullName, "Amnre.Cli", "release", "amnre");
            if (File.Exists(program)) return program;
        }

        return null;
    }
}
