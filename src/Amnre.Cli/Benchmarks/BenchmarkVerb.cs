using System.CommandLine;
using Amnre.Cli.Local;
using Amnre.Cli.Terminal;
using Amnre.Engine.Benchmarks;
using Amnre.Experiments.Benchmarks;
using Amnre.Experiments.Reading;

namespace Amnre.Cli.Benchmarks;

/// <summary><c>amnre benchmark sbibm</c>: tasks × budgets × methods as one study, and a table of them beside what others
/// published.</summary>
internal static class BenchmarkVerb
{
    public static Command Create()
    {
        var (options, running) = (new BenchmarkOptions(), new RunOptions());
        var verb = new Command(
            "benchmark",
            """
            Run the field's benchmark on this machine: every task with every budget and method as one study, as 'amnre run' runs it. It ends
            with OUT.csv, OUT.json and a figure: C2ST of all parameters together, its mean over all marginals of one and two parameters,
            coverage and minutes, beside the published figures. OUT.yaml is the experiment file. What is published already is reused;
            after Ctrl-C or a crash the same command resumes, and the table says what is missing.

            Examples:
              amnre benchmark sbibm --tasks two-moons --budgets 1e3
              amnre benchmark sbibm --tasks two-moons,slcp --budgets 1e3,1e4 --methods nre-c,amnre,npe -o results/sbibm
              amnre benchmark sbibm --references sbibm/tasks --store /data/study
              amnre benchmark sbibm --tasks sir --print > sir.yaml
            """)
        { options.Suite };
        foreach (var option in options.All.Concat(running.All)) verb.Options.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            running.Check(parsed);
            var request = options.Request(parsed);
            var stem = parsed.GetRequiredValue(options.Output);
            var references = BenchmarkReferences.Of(parsed.GetValue(options.References), request, $"{stem}-references");
            request = request with { References = references.Files };
            var text = BenchmarkStudy.Text(request);
            if (parsed.GetValue(options.Print))
            {
                Console.Out.Write(text);
                return ExitCode.Success;
            }

            references.Import(stop);
            // What is refused leaves no file.
            var parts = ExperimentReader.ReadAll($"{stem}.yaml", text);
            BenchmarkReport.WriteStudy($"{stem}.yaml", text);
            return await running.RunAsync(parsed, parts, (snapshot, files, store) =>
            {
                var cells = BenchmarkCells.Of(request, snapshot, files, store);
                var written = BenchmarkReport.Write(cells, stem);
                if (parsed.GetValue(options.Json)) Console.WriteLine(BenchmarkReport.Json(cells));
                else BenchmarkTable.Show(cells);
                Console.WriteLine($"table    {written[0]}");
                Console.WriteLine($"figure   {written.First(file => file.EndsWith(".png", StringComparison.Ordinal))}");
            }, stop);
        });
        return verb;
    }
}
