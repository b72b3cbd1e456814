using Amnre.Engine;
using Amnre.Experiments.Checks;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Submissions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Reading;

/// <summary>Reads experiment files and reports everything that is wrong with one at once.</summary>
public static class ExperimentReader
{
    private const int LongestText = 4 << 20;

    private const int DeepestNesting = 32;

    /// <summary>Reads the file at <paramref name="path"/>, of one document.</summary>
    /// <inheritdoc cref="ReadAll(string)"/>
    public static ExperimentFile Read(string path) => Read(path, Text(path));

    /// <summary>Reads the file at <paramref name="path"/>. Its documents, separated by <c>---</c>, are one study of several
    /// simulators.</summary>
    /// <param name="path">The file; also what validation errors call it.</param>
    /// <returns>One for each document; never none.</returns>
    /// <exception cref="ExperimentException">All validation errors, each with its line.</exception>
    public static IReadOnlyList<ExperimentFile> ReadAll(string path) => ReadAll(path, Text(path));

    /// <summary>Reads <paramref name="text"/>; <paramref name="path"/> names it in validation errors, and paths in it start from its
    /// folder.</summary>
    /// <exception cref="ExperimentException">All validation errors, each with its line.</exception>
    public static IReadOnlyList<ExperimentFile> ReadAll(string path, string text)
    {
        var (parts, wrong, mayBeMore) = (new List<ExperimentFile>(), new List<ValidationError>(), false);
        foreach (var root in Roots(path, text))
        {
            try
            {
                var errors = new ErrorList(path);
                var part = Read(root, text, path, errors);
                StudyParts.Check(new Section("experiment", root, errors), part, parts);
                errors.ThrowIfAny();
                parts.Add(part);
            }
            catch (ExperimentException refused)
            {
                wrong.AddRange(refused.Errors);
                mayBeMore |= refused.MayBeMore;
                if (wrong.Count >= ErrorList.Max) break;
            }
        }

        return wrong.Count == 0 ? parts : throw new ExperimentException(wrong) { MayBeMore = mayBeMore || wrong.Count >= ErrorList.Max };
    }

    private static string Text(string path)
    {
        if (path.Length == 0 || !File.Exists(path))
            throw new ExperimentException(
                [new(path, 1, "there is no such file: give the path of an experiment file, such as experiments/quickstart.yaml")]);
        try
        {
            return PlainFile.TextOrPipe(path, LongestText);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ExperimentException([new(path, 1, $"the file cannot be read: {refused.Message}")]);
        }
    }

    /// <summary>Reads <paramref name="text"/>; <paramref name="path"/> names it in validation errors, and paths in it start from its
    /// folder.</summary>
    public static ExperimentFile Read(string path, string text) => Read(text, path, new ErrorList(path));

    internal static ExperimentFile Read(string text, string path, ErrorList errors) => Roots(path, text) is [var root]
        ? Read(root, text, path, errors)
        : throw new ExperimentException([new(path, 1, "the file has several documents: one experiment is one mapping")]);

    private static ExperimentFile Read(YamlMappingNode root, string text, string path, ErrorList errors)
    {
        var top = new Section("experiment", root, errors);

        var name = top.RequiredText("name");
        if (name.Length > 0 && !PlainName.Is(name)) top.Error("name", NameRule("experiment", name));
        if (ArtifactStore.ReservedNames.Contains(name))
            top.Error("name", $"experiment name '{name}' is a folder of the store itself: choose another name");
        top.Text("description");
        int? atMost = top.Text("at_most") is null ? null : top.Value("at_most", 0);
        if (atMost < 1) top.Error("at_most", $"at_most {atMost} would let no job run: write 1 or more, or leave it out");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var simulator = SimulatorReader.Read(top, folder);
        var files = new DataFiles(folder);

        if (top.Nested("defaults") is { } defaults)
        {
            defaults.Accept("datasets", "observations", "models", "evaluations", "figures");
            defaults.RefuseTheRest();
        }

        var basis = BasisReader.Read(top, simulator);
        var datasets = DatasetReader.Read(top, simulator, files, errors);
        var observations = ObservationReader.Read(top, simulator, files, datasets, errors);
        IReadOnlyList<DatasetSection> data = [.. datasets, .. observations];
        var models = ModelReader.Read(top, simulator, datasets, errors);
        var groups = new ModelGroups(models);
        var evaluations = EvaluationReader.Read(
            top, simulator, data, groups, Path.GetDirectoryName(Path.GetFullPath(path))!, errors);
        var figures = FigureReader.Read(top, simulator, data, groups, evaluations, errors);
        CheckSize(path, data, models, evaluations, figures);
        NameClashes.Check(top, models, evaluations, figures);
        top.RefuseTheRest();
        errors.ThrowIfAny();
        return new ExperimentFile
        {
            Name = name,
            Simulator = simulator!.Name,
            Text = text,
            AtMost = atMost,
            Basis = basis,
            Datasets = datasets,
            Observations = observations,
            Files = files.All,
            Models = models,
            Evaluations = evaluations,
            Figures = figures,
            Notes = new MomentChecks(data).Notes(evaluations, groups),
        };
    }

    /// <summary>Counts the jobs before any is planned.</summary>
    private static void CheckSize(
        string path, IReadOnlyList<DatasetSection> datasets, IReadOnlyList<ModelSection> models,
        IReadOnlyList<EvaluationSection> evaluations, IReadOnlyList<FigureSection> figures)
    {
        var jobs = datasets.Sum(dataset => dataset.Shards + 1L) + models.Sum(
            model => model.Search is { } search ? (search.Candidates.Count + 1L) * search.Rungs.Count : 1L)
            + evaluations.Sum(evaluation => (long)evaluation.Models.Count) + figures.Count;
        if (jobs > PlanCheck.MaxJobs)
            throw new ExperimentException(
                [new(path, 1, $"the experiment has some {jobs} jobs, and at most {PlanCheck.MaxJobs} are allowed: write fewer shards, " +
                    "members or evaluations, or divide it into several")]);
    }

    /// <summary>Whether <paramref name="name"/> may become part of file names in the store.</summary>
    internal static bool IsName(string name) => PlainName.Is(name);

    internal static string NameRule(string what, string name) =>
        $"{what} name '{name}' becomes a file name: use {PlainName.Rule}";

    private static List<YamlMappingNode> Roots(string path, string text)
    {
        try
        {
            var documents = BoundedYaml.Load(text, DeepestNesting).Documents;
            List<YamlMappingNode> mappings = [.. documents.Select(document => document.RootNode).OfType<YamlMappingNode>()];
            if (mappings.Count > 0 && mappings.Count == documents.Count) return mappings;
            throw new ExperimentException(
                [new(path, 1, "an experiment file is one mapping with name, simulator, datasets, models, evaluations and figures")]);
        }
        catch (YamlException broken)
        {
            if (TabbedLine(text) is { } tabbed)
                throw new ExperimentException(
                    [new(path, tabbed, "the line is indented with a tab, which YAML does not allow: use spaces")]);
            throw new ExperimentException(
                [new(path, Math.Max(1, broken.Start.Line),
                    $"this is not YAML: {broken.Message}; check indentation, colons and brackets near here")]);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // What the parser throws for some unfinished texts.
            throw new ExperimentException([new(path, 1, "this is not YAML: look for a bracket or a quotation mark that nothing closes")]);
        }
    }

    /// <summary>1-based; null where no line is indented with a tab.</summary>
    private static int? TabbedLine(string text)
    {
        var line = Array.FindIndex(text.Split('\n'), one => one.TakeWhile(char.IsWhiteSpace).Contains('\t') && one.Trim().Length > 0);
        return line < 0 ? null : line + 1;
    }
}
