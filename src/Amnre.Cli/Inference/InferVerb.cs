using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Terminal;
using Amnre.Engine.Inference;

namespace Amnre.Cli.Inference;

/// <summary><c>amnre infer</c>: the posterior of a measured observation.</summary>
internal static class InferVerb
{
    public static Command Create()
    {
        var options = new InferOptions();
        var verb = new Command(
            "infer",
            """
            Infer the parameters behind a measured observation with a trained model: prints a table of the posterior, and writes draws, a corner
            figure (.png, .pdf, .svg) and a summary (.json). One observation may be a line of numbers or an array of the simulator's shape, several
            are one line each or an array with one more dimension. Numbers are given as measured; they are standardised as the model's training
            data were. It says where an observation is unlike the simulations and where the model is not to be trusted.

            Examples:
              amnre infer sir.pth night1.csv
              amnre infer sir.pth measured.npz --key counts -o night1.h5
              amnre infer slcp-amnre.pth obs.json --draws 10000 --masks 11000 00111
              amnre infer slcp-amnre.pth obs.csv --given θ₁=0.5 --given θ₂=-1
              amnre infer slcp-amnre.pth obs.csv --bayes-factor θ₁=0
              amnre infer slcp-amnre.pth many.npy --figures 0 --json -o posteriors.csv
            """)
        {
            options.Model, options.Observations,
        };
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction((parsed, stop) => Task.FromResult(Run(InferRequest.Of(options, parsed), TimeProvider.System, stop)));
        return verb;
    }

    private static int Run(InferRequest request, TimeProvider clock, CancellationToken stop) =>
        new InferenceFrame(request.Output, $"'{request.Output}' or a file beside it",
            "stopped; nothing was written but whole files. The same command starts again and gives the same draws.")
        .Run(context => InferRun.Run(request.Settings, request.Inputs, request.Output, context), (result, took) =>
        {
            foreach (var (index, reason) in result.Refused) Console.Error.WriteLine($"amnre: observation {index} is left out: {reason}");
            if (request.Json) Console.WriteLine(result.Summary);
            else Tell(result, took);
            return ExitCode.Success;
        }, clock, stop);

    private static string Missing(ObservationPosterior posterior) => posterior.MissingValues switch
    {
        0 => "",
        1 => ", of which a value is missing",
        var count => FormattableString.Invariant($", of which {count} values are missing"),
    };

    private static void Tell(InferResult result, TimeSpan took)
    {
        foreach (var posterior in result.Posteriors)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"observation {posterior.Index}{Missing(posterior)}: {posterior.Draws.Length / posterior.Mask.Count} draws by " +
                    $"{posterior.Way}, worth {posterior.EffectiveSize:0}"));
            foreach (var line in PosteriorTable.Of(posterior)) Console.WriteLine($"  {line}");
            foreach (var line in PosteriorTable.Information(posterior)) Console.WriteLine($"  {line}");
            foreach (var warning in posterior.Warnings) Console.WriteLine($"  WARNING: {warning}.");
            if (posterior.Warnings.Count == 0)
                Console.WriteLine(posterior.Likeness is null
                    ? "  Nothing speaks against it, but there were no simulations to compare the observation with."
                    : "  Nothing speaks against it.");
        }

        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", result.Written)}, in {took.TotalSeconds:0.0} s"));
    }
}
