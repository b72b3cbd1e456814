using System.CommandLine;
using Amnre.Cli;
using Amnre.Cli.Original;
using Amnre.Cli.Spelling;
using Amnre.Cli.Studies;
using Amnre.Engine;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;

namespace Amnre.Fuzz.Tests;

/// <summary>Command lines, a word in each line.</summary>
internal static class CommandTargets
{
    private static readonly string[] Words = ["-", "--", "=", "\n", "\n-masks\n=1\n=2", "\n-o\n", "[suggest:3]", "@file", "-lr\n", "\0",
        "--json=", "ü"];

    private static readonly RootCommand Root = AmnreCommand.Root();

    private static readonly TrainOptions Train = new();

    private static readonly SampleOptions Sample = new();

    private static readonly EvalOptions Eval = new();

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.OfText("command-line",
            [
                "status\nslcp\n--jobs\n--store\n/s", "gw\nbasis\n-simulator\nGW\n-draws\n32", "retry\nslcp/*\n--where\nstate=failed",
                "run\nexperiments/quickstart.yaml\n--workers\n2",
                "cluster\nset\n--memory=4G", "completion\nbash", "sample\n-seed\n0\n-samples\n64\n-o\na.h5",
            ], Words, text =>
            {
                var spelt = CommandLine.Translate(Root, text.Split('\n'));
                if (spelt.Errors.Count == 0)
                    _ = Root.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null }).Errors;
            }, _ => false) with { Share = 4 },
        Of("train-command", "train", ["-samples\na.h5\n-model\n{\"num_layers\": 7, \"activation\": " +
            "\"ELU\"}\n-arbitrary\n-masks\n=1\n=2\n-lr\n1e-3\n-o\na.pth\n--replicates\n3\n--seed\n7"],
            parsed =>
            {
                var request = TrainRequest.Of(Train, parsed, new Slcp());
                if (TrainSettingsErrors.Of(request.Settings, new Slcp(), false).ToList() is { Count: > 0 })
                    throw new InputException("faults");
                _ = request.Models.Take(3).Count();
            }, Train.All),
        Of("sample-command", "sample", ["-simulator\nSLCP\n-samples\n1024\n-chunk-size\n64\n-seed\n7\n-moments\n-o\na.h5"],
            parsed => SampleRequest.Of(Sample, parsed, () => 1), Sample.All),
        Of("eval-command", "eval", ["-indices\n0\n4\n-masks\n=1\n11000\n-emd\nexact\n--draws\n16\n-o\nc.csv\na.pth\nb.h5"],
            parsed => EvalRequest.Of(Eval, parsed, new TrainSettings { Simulator = "SLCP", Arbitrary = true }, null, new Slcp()), Eval.All,
            Eval.Network, Eval.Samples),
        FuzzTarget.OfText("masks", ["=1\n=2\n11000", "=5\n00001"], ["=", "1", "0", "\n", "=99", "11111111111111111111111111111111"], text =>
        {
            foreach (var size in (int[])[1, 5, 8]) MaskList.Expand(text.Split('\n'), size, null, out _);
        }, _ => false) with { Share = 4 },
        FuzzTarget.OfText("connection-string",
            ["Host=db;Database=amnre;Username=amnre", "Host=/run/postgresql;Port=5432;Ssl Mode=Require;Timeout=3;Username=\"a;b\""],
            [";", "=", "\"", "'", "Password=x;", "Port=", "Timeout=-1;", "Host=\0", "Options=-c a"],
            text => CommonOptions.ConnectionString(text), error => error is InputException),
    ];

    private static FuzzTarget Of(string name, string verb, IReadOnlyList<string> seeds, Action<ParseResult> read,
        IReadOnlyList<Option> options, params IReadOnlyList<Argument> arguments)
    {
        var command = new Command(verb);
        foreach (var option in options) command.Options.Add(option);
        foreach (var argument in arguments) command.Arguments.Add(argument);
        var root = new RootCommand { command };
        return FuzzTarget.OfText(name, seeds, Words, text =>
        {
            var spelt = CommandLine.Translate(root, [verb, .. text.Split('\n')]);
            if (spelt.Errors.Count > 0) throw new InputException(spelt.Errors[0]);
            var parsed = root.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null });
            // What asks for help is not run.
            if (parsed.Errors.Count > 0 || parsed.CommandResult.Command != command || parsed.Action is not null)
                throw new InputException("not understood");
            read(parsed);
        }, error => error is InputException) with
        { Share = 4 };
    }
}
