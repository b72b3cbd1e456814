using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amnre.Engine.Declarations;

namespace Amnre.Engine.Programs;

/// <summary>Reads manifests and reports everything that is wrong with one at once. Starts nothing.</summary>
internal static partial class ManifestReader
{
    public const string InputWord = "{input}", OutputWord = "{output}";

    /// <summary>Bytes of one batch's numbers, either way.</summary>
    private const long LargestBatch = 1L << 30;

    /// <param name="path">Absolute path of the manifest.</param>
    /// <exception cref="InputException">All validation errors, each with its line.</exception>
    public static ProgramManifest Read(string path)
    {
        var fields = ManifestFields.Load(path);
        var folder = Path.GetDirectoryName(path)!;
        var name = fields.RequiredText("name");
        if (name.Length > 0 && !PlainName.Is(name))
            fields.Error("name", $"name '{name}' must be {PlainName.Rule}");
        var parameters = DeclarationReader.Parameters(fields.Entries("parameters"), (node, message) =>
        {
            if (node is null) fields.Error("parameters", message);
            else fields.Error(node, message);
        });
        var shape = DeclarationReader.Shape(fields.Texts("observation"), message => fields.Error("observation", message));
        var protocol = Protocol(fields);
        var command = fields.Texts("command");
        var search = fields.Flag("search_path", false);
        var directory = fields.Text("working_directory") ?? ".";
        var workingDirectory = Path.GetFullPath(directory, folder);
        if (!Directory.Exists(workingDirectory)) fields.Error("working_directory", $"working_directory '{directory}' is no folder");
        CheckCommand(fields, command, search, protocol);
        var environment = fields.Texts("environment");
        foreach (var entry in environment.Where(entry => !EnvironmentEntry().IsMatch(entry)))
            fields.Error("environment", $"environment '{entry}' must be NAME, to pass a variable on, or NAME=value, to set one");
        var files = Files(fields, command, folder, workingDirectory);
        var batch = fields.Integer("batch", 1024, 1, 1 << 20);
        var size = Math.Max(Math.Max(parameters.Count, 1) + 2, shape.Aggregate(1L, (a, b) => a * b));
        if (batch * size * sizeof(float) > LargestBatch)
            fields.Error("batch", $"a batch of {batch} rows of {size} numbers is too large: write a smaller 'batch'");
        var processes = fields.Integer("processes", Environment.ProcessorCount, 1, 1024);
        var timeout = fields.Seconds("timeout", 600);
        var startup = fields.Seconds("startup_timeout", 60);
        var retries = fields.Integer("retries", 2, 0, 100);
        var isReproducible = fields.Flag("reproducible", true);
        var hasLikelihood = fields.Flag("likelihood", false);
        if (hasLikelihood && protocol == RowProtocol.Hdf5)
            fields.Error("likelihood", "a likelihood is asked for at many parameters, one after the other, which protocol hdf5 " +
                "would take a process each for: write protocol: frames, or leave likelihood out");
        var events = fields.Text("events");
        if (events?.Length == 0) fields.Error("events", "'events' is empty: name a file of observations, or leave it out");
        fields.ThrowIfAny();

        var deciding = new JsonObject
        {
            ["name"] = name,
            ["parameters"] = new JsonArray([.. parameters.Select(one =>
                Deciding(one))]),
            ["observation"] = new JsonArray([.. shape.Select(length => JsonValue.Create(length))]),
            ["protocol"] = protocol.ToString(),
            ["command"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]),
            ["search_path"] = search,
            ["working_directory"] = directory,
            ["environment"] = new JsonArray([.. environment.Select(entry => JsonValue.Create(entry))]),
        };
        return new ProgramManifest
        {
            Path = path,
            // The stamps come first: an edit in between then shows as a change, never as the wrong digest.
            Files = [.. files.Select(file => FileStamp.Of(Path.Combine(folder, file)))],
            Digest = ManifestDigest.Of(deciding, folder, files),
            Name = name,
            Labels = [.. parameters.Select(one => one.Label)],
            Prior = DeclaredParameter.Prior(parameters),
            ObservationShape = shape,
            Protocol = protocol,
            Command = [search && !command[0].Contains('/') ? command[0] : Path.GetFullPath(command[0], folder), .. command.Skip(1)],
            WorkingDirectory = workingDirectory,
            Environment = environment,
            Events = events is null ? null : Path.GetFullPath(events, folder),
            HasLikelihood = hasLikelihood,
            BatchRows = batch,
            Processes = processes,
            Timeout = timeout,
            StartupTimeout = startup,
            Retries = retries,
            IsReproducible = isReproducible,
        };
    }

    /// <summary>Two numbers are called a and b, as they were when no prior had others: digests of older manifests stay.</summary>
    private static JsonObject Deciding(DeclaredParameter parameter)
    {
        var deciding = new JsonObject { ["label"] = parameter.Label, ["prior"] = parameter.Kind.Name };
        var values = parameter.Written();
        if (parameter.Kind is not { Form: PriorForm.Numbers, Count: 2 })
        {
            deciding["values"] = values;
            return deciding;
        }

        (deciding["a"], deciding["b"]) = (values[0]!.DeepClone(), values[1]!.DeepClone());
        return deciding;
    }

    private static RowProtocol Protocol(ManifestFields fields)
    {
        switch (fields.Text("protocol"))
        {
            case "frames": return RowProtocol.Frames;
            case "hdf5": return RowProtocol.Hdf5;
            case var text:
                fields.Error("protocol",
                    $"protocol '{text}' must be frames (batches over standard input and output) or hdf5 (a file in, a file out)");
                return RowProtocol.Frames;
        }
    }

    private static void CheckCommand(ManifestFields fields, IReadOnlyList<string> command, bool search, RowProtocol protocol)
    {
        if (command.Count == 0)
        {
            fields.Error("command", "'command' is missing: write the program and its arguments as a list, such as [/usr/bin/python3, " +
                "simulate.py]; no shell reads it");
            return;
        }

        if (!command[0].Contains('/') && !search)
            fields.Error("command", $"command '{command[0]}' is a bare name, and PATH is not searched: write a path such as " +
                $"/usr/bin/{command[0]} or ./{command[0]}, or add search_path: true");
        foreach (var word in (string[])[InputWord, OutputWord])
        {
            var named = command.Any(argument => argument.Contains(word, StringComparison.Ordinal));
            if (protocol == RowProtocol.Hdf5 && !named)
                fields.Error("command", $"protocol hdf5 passes paths in the command: write {word} where its path belongs");
            if (protocol == RowProtocol.Frames && named)
                fields.Error("command", $"{word} is for protocol hdf5; frames come on standard input");
        }
    }

    /// <summary>The files listed, and those that the command names in the manifest's own folder: forgetting to list the very script
    /// would have old rows used again after an edit.</summary>
    private static List<string> Files(ManifestFields fields, IReadOnlyList<string> command, string folder, string workingDirectory)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in fields.Texts("files"))
        {
            if (PlainFile.Exists(Path.Combine(folder, file))) files.Add(Path.GetRelativePath(folder, Path.Combine(folder, file)));
            else fields.Error("files",
                $"file '{file}' is not there, or is a device or a pipe: paths start from the folder of the manifest");
        }

        for (var i = 0; i < command.Count; i++)
        {
            if (i == 0 && !command[0].Contains('/')) continue;
            var file = Path.GetFullPath(command[i], i == 0 ? folder : workingDirectory);
            var relative = Path.GetRelativePath(folder, file);
            if (PlainFile.Exists(file) && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative))
                files.Add(relative);
        }

        return [.. files];
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*(=[^\\0]*)?$")]
    private static partial Regex EnvironmentEntry();
}
