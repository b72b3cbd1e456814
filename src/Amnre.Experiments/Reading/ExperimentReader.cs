using System.Text.RegularExpressions;
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
public static partial class ExperimentReader
{
    private const int LongestText = 4 << 20;

    private const int DeepestNesting = 32;

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file; also what validation errors call it.</param>
    /// <exception cref="ExperimentException">All validation errors, each with its line.</exception>
    public static ExperimentFile Read(string path)
    {
        if (path.Length == 0 || !File.Exists(path))
            throw new ExperimentException(
                [new(path, 1, "there is no such file: give the path of an experiment file, such as experiments/quickstart.yaml")]);
        string text;
        try
        {
            text = PlainFile.TextOrPipe(path, LongestText);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ExperimentException([new(path, 1, $"the file cannot be read: {refused.Message}")]);
        }

        return Read(path, text);
    }

    /// <summary>Reads <paramref name="text"/>; <paramref name="path"/> names it in validation errors, and paths in it start from its
    /// folder.</summary>
    public static ExperimentFile Read(string path, string text) => Read(text, path, new ErrorList(path));

    internal static ExperimentFile Read(string text, string path, ErrorList errors)
    {
        var root = Root(path, text);
        var top = new Section("experiment", root, errors);

        var name = top.RequiredText("name");
        if (name.Length > 0 && !FileName().IsMatch(name)) top.Error("name", NameRule("experiment", name));
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
    internal static bool IsName(string name) => FileName().IsMatch(name);

    internal static string NameRule(string what, string name) =>
        $"{what} name '{name}' becomes a file name: use up to 100 letters, digits, '-', '_' or '.', starting with a letter or digit";

    private static YamlMappingNode Root(string path, string text)
    {
        try
        {
            if (BoundedYaml.Load(text, DeepestNesting).Documents is [{ RootNode: YamlMappingNode mapping }]) return mapping;
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

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex FileName();
}
