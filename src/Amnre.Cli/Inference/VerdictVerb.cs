using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Verdicts;

namespace Amnre.Cli.Inference;

/// <summary><c>amnre verdict</c>: whether a model's posteriors can be trusted.</summary>
internal static class VerdictVerb
{
    public static Command Create()
    {
        var options = new VerdictOptions();
        var verb = new Command(
            "verdict",
            """
            Judge a trained model by simulations that it has not seen, and its posteriors at measured observations: coverage, ranks, TARP, information,
            total probability, consistency of nested marginals, draws, and at an observation its likeness to the simulations, what its posterior predicts,
            and an ensemble's agreement. Prints each check with its number, its limits, pass, warn or fail, and what was found, and writes all of it as
            JSON. The exit code is 0 whatever the verdict, except that it is 3 where a check named with --require fails or cannot be made.

            Examples:
              amnre verdict sir.pth sir-test.h5
              amnre verdict sir.pth sir-test.h5 --observation night1.csv
              amnre verdict sir.pth sir-test.h5 --require coverage ranks likeness --observation night1.csv
              amnre verdict slcp-amnre.pth slcp-test.h5 --rows 2048 --threshold coverage=0.1 --threshold total=3 -o verdict.json
              amnre verdict sir-0.pth sir-test.h5 --observation night1.csv --ensemble sir-1.pth sir-2.pth --json
            """)
        {
            options.Model, options.Data,
        };
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction((parsed, stop) => Task.FromResult(Run(VerdictRequest.Of(options, parsed), TimeProvider.System, stop)));
        return verb;
    }

    private static int Run(VerdictRequest request, TimeProvider clock, CancellationToken stop) =>
        new InferenceFrame(request.Output, $"'{request.Output}'",
            "stopped; nothing was written. The same command starts again and gives the same verdict.")
        .Run(context => VerdictRun.Run(request.Settings, request.Inputs, request.Output, context), (verdict, took) =>
        {
            if (request.Json) Console.Write(PlainFile.Text(request.Output));
            else Tell(request, verdict, took);
            var failed = verdict.Failed(request.Require);
            if (failed.Count == 0) return ExitCode.Success;
            Console.Error.WriteLine($"amnre: {string.Join(", ", failed.Select(EnumName.Of))} " +
                $"{(failed.Count == 1 ? "is" : "are")} required, and failed or could not be checked");
            return ExitCode.Unmet;
        }, clock, stop);

    private static void Tell(VerdictRequest request, Verdict verdict, TimeSpan took)
    {
        Console.WriteLine($"{Path.GetFileName(request.Inputs.Model)}, by {verdict.Rows} rows of {Path.GetFileName(request.Inputs.Data)}");
        foreach (var line in VerdictTable.Of(verdict.Checks)) Console.WriteLine($"  {line}");
        foreach (var one in verdict.Observations)
        {
            Console.WriteLine($"observation {one.Index}: {EnumName.Of(one.Outcome).ToUpperInvariant()}");
            foreach (var line in VerdictTable.Of(one.Checks)) Console.WriteLine($"  {line}");
        }

        Console.WriteLine(verdict.Outcome switch
        {
            CheckOutcome.Pass => "PASS: nothing speaks against these posteriors.",
            CheckOutcome.Warn => "WARN: these posteriors may mislead; read what was found before you use them.",
            _ => "FAIL: these posteriors mislead; do not use them as they are.",
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Output}, in {took.TotalSeconds:0.0} s"));
    }
}
