using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amnre.Engine;
using Amnre.Engine.Settings;

namespace Amnre.Experiments.Tests;

/// <summary>What the original's Slurm files run, read from <c>Golden/original-grid.md</c>: their options as they were.</summary>
internal sealed partial class OriginalGrid
{
    private OriginalGrid()
    {
    }

    public List<SlurmFile> Files { get; } = [];

    /// <summary>Name, legend and files of errors/*.json and rocs/*.json.</summary>
    public List<(string Name, List<(string Legend, string File)> Entries)> Plots { get; } = [];

    public List<Corner> Corners { get; } = [];

    public static OriginalGrid Read()
    {
        var grid = new OriginalGrid();
        SlurmFile? file = null;
        foreach (var line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "original-grid.md")))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal)) file = null;
            else if (line.StartsWith("#### ", StringComparison.Ordinal)) file = grid.Files.Single(one => one.Name == line[5..]);
            else if (line.StartsWith("| ", StringComparison.Ordinal))
                grid.Row(line[2..^1].Split(" | ").Select(cell => cell.Trim()).ToArray());
            else if (file is not null && line.StartsWith("- ", StringComparison.Ordinal)) file.Add(line);
        }

        return grid;
    }

    private void Row(string[] cells)
    {
        if (cells is [_, _, _, _, _, _, var trainings, _] && int.TryParse(trainings, out var count))
        {
            var array = ArrayRange().Match(cells[1]);
            Files.Add(new SlurmFile(cells[0], array.Success
                ? int.Parse(array.Groups[1].ValueSpan)
                : null, int.Parse(cells[2]), int.Parse(cells[3].TrimEnd('G')), int.Parse(cells[4]), cells[5], count));
        }
        else if (cells is [var name, var entries] && name.EndsWith(".json", StringComparison.Ordinal))
        {
            Plots.Add((name,
                [.. entries.Split("; ").Select(entry => entry.Split(": "))
                    .Select(pair => (pair[0], Path.GetFileName(pair[1].Trim('`'))))]));
        }
        else if (cells.Length == 5 && cells[0] != "corner")
        {
            Corners.Add(Corner.Parse(cells));
        }
    }

    [GeneratedRegex("^1-([0-9]+)$")]
    private static partial Regex ArrayRange();
}

/// <summary>One Slurm file.</summary>
internal sealed record SlurmFile(string Name, int? Array, int Cpus, int MemoryPerCpu, int Gpus, string Time, int Trainings)
{
    private readonly Dictionary<string, JsonObject> _networks = [];
    private readonly Dictionary<string, string> _texts = [];

    /// <summary>Dataset name and options.</summary>
    public List<(string Name, Dictionary<string, string[]> Options)> Samples { get; } = [];

    public List<(string Name, string Samples, string Valid, Dictionary<string, string[]> Options)> Trains { get; } = [];

    public List<(string Result, string Model, string Data, Dictionary<string, string[]> Options)> Evals { get; } = [];

    public void Add(string line)
    {
        var ticks = line.Split('`');
        var what = line[2..];
        if (what.StartsWith("sample", StringComparison.Ordinal)) Samples.Add((Stem(ticks[1]), Options(ticks[3])));
        else if (what.StartsWith("train", StringComparison.Ordinal))
            Trains.Add((Stem(ticks[1]), After(line, "data "), After(line, "valid "), Options(ticks[3])));
        else if (what.StartsWith("eval", StringComparison.Ordinal))
            Evals.Add((Stem(ticks[1]), After(line, "net models/"), After(line, "data "), Options(ticks[3])));
        else if (ticks.Length > 1 && ticks[1].StartsWith('{')) _networks[$"${what.Split(':')[0]}"] = JsonNode.Parse(ticks[1])!.AsObject();
        else if (ticks.Length > 1) _texts[$"${what.Split(':')[0]}"] = ticks[1];
    }

    public JsonObject Network(string variable) => _networks[variable.Trim('"')].DeepClone().AsObject();

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path);

    private static string After(string line, string word)
    {
        var rest = line[(line.IndexOf(word, StringComparison.Ordinal) + word.Length)..];
        return rest[..rest.IndexOf('.', StringComparison.Ordinal)];
    }

    private Dictionary<string, string[]> Options(string flags)
    {
        var options = new Dictionary<string, string[]>();
        var words = flags == "(defaults)" ? [] : flags.Split(' ');
        for (var i = 0; i < words.Length;)
        {
            var values = words.Skip(i + 1).TakeWhile(word => !word.StartsWith('-')).ToArray();
            options.Add(words[i], [.. values.Select(value => _texts.GetValueOrDefault(value, value))]);
            i += 1 + values.Length;
        }

        return options;
    }

    private static T Named<T>(string name) where T : struct, Enum =>
        EnumName.TryParse<T>(name, out var value) ? value : throw new InvalidOperationException($"'{name}' is not known");

    public TrainSettings Training(Dictionary<string, string[]> options, TrainSettings settings)
    {
        foreach (var (option, values) in options)
        {
            settings = option switch
            {
                "-model" => settings with { Model = Network(values[0]) },
                "-embedding" => settings with { Embedding = Network(values[0]) },
                "-masks" => settings with { Masks = values },
                "-filter" => settings with { Filter = values[0] },
                "-arbitrary" => settings with { Arbitrary = true },
                "-flow" => settings with { Flow = true },
                "-live" => settings with { Live = true },
                "-criterion" => settings with { Criterion = Named<Criterion>(values[0]) },
                "-epochs" => settings with { Epochs = int.Parse(values[0]) },
                "-descents" => settings with { Descents = int.Parse(values[0]) },
                "-lr" => settings with { LearningRate = double.Parse(values[0]) },
                "-min-lr" => settings with { MinLearningRate = double.Parse(values[0]) },
                "-patience" => settings with { Patience = int.Parse(values[0]) },
                "-scheduler" => settings with { Scheduler = Named<Schedule>(values[0]) },
                "-adversary" => settings,
                _ => throw new InvalidOperationException($"{Name}: option {option} of train was not expected"),
            };
        }

        return settings;
    }

    public static EvaluateSettings Evaluation(Dictionary<string, string[]> options, EvaluateSettings settings)
    {
        foreach (var (option, values) in options)
        {
            settings = option switch
            {
                "-masks" => settings with { Masks = values },
                "-filter" => settings with { Filter = values[0] },
                "-indices" => settings with { First = int.Parse(values[0]), Last = int.Parse(values[1]) },
                "-bins" => settings with { Bins = int.Parse(values[0]) },
                "-steps" => settings with { Steps = int.Parse(values[0]) },
                "-burn" => settings with { Burn = int.Parse(values[0]) },
                "-clean" => settings with { Clean = true },
                "-accuracy" => settings with { Accuracy = true },
                "-calibration" => settings with { Calibration = true },
                "-consistency" => settings with { Consistency = true },
                "-kl" => settings with { Kl = true },
                "-classify" => settings with { Classify = true },
                _ => throw new InvalidOperationException($"option {option} of eval was not expected"),
            };
        }

        return settings;
    }
}

/// <summary>One description of corner figures.</summary>
internal sealed partial record Corner(string Name, List<CornerSource> Items, List<string> Legend, bool Star,
    List<(string Mask, JsonObject Options)> Masks)
{
    public static Corner Parse(string[] cells) => new(
        cells[0],
        [.. cells[1].Split("; ")
            .Select(item => new CornerSource(item.StartsWith("m ", StringComparison.Ordinal),
                [.. item.Split('`')[1].Split(", ")
                    .Select(file => Path.GetFileNameWithoutExtension(file.Replace("*.pth", "any.pth", StringComparison.Ordinal)))]))],
        // Commas also stand within a name: "AMNRE (1d, 2d)".
        [.. CommaOutside().Split(cells[2]).Select(name => name == "None" ? "" : name)],
        cells[3] != "–",
        [.. cells[4].Split("; ")
            .Select(mask => (mask.Split(' ')[0], mask.Contains('{', StringComparison.Ordinal)
                ? JsonNode.Parse(mask[mask.IndexOf('{', StringComparison.Ordinal)..])!.AsObject() : []))]);

    [GeneratedRegex(@",\s(?![^(]*\))")]
    private static partial Regex CommaOutside();
}

/// <summary>An item: whether it is marginalised, and the stems of its files, <c>any</c> for the mask of all.</summary>
internal sealed record CornerSource(bool Marginalize, List<string> Files);
