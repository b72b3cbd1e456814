using System.Text.Json.Nodes;
using Amnre.Engine.Settings;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests;

/// <summary>The experiment files state the original's Slurm files: every dataset, training and evaluation with all its options, every
/// figure.</summary>
public sealed class OriginalGridTests
{
    private static readonly OriginalGrid Grid = OriginalGrid.Read();

    private static readonly Dictionary<string, ExperimentFile> Experiments =
        new[] { "slcp", "hh", "gw" }.ToDictionary(name => name, name => WrittenExperiment.Read($"experiments/{name}.yaml"));

    public static TheoryData<string> Files() =>
        [.. Grid.Files.Select(file => file.Name).Where(name => name is not ("plots" or "gw-bilby"))];

    public static TheoryData<string> Corners() => [.. Grid.Corners.Select(corner => corner.Name)];

    public static TheoryData<string> Plots() => [.. Grid.Plots.Select(plot => plot.Name)];

    [Fact]
    public void There_are_79_array_tasks_and_129_trainings()
    {
        Assert.Equal(79, Grid.Files.Sum(file => file.Array ?? 0));
        Assert.Equal(129, Grid.Files.Sum(file => (file.Array ?? 1) * file.Trainings));
        Assert.Equal([40, 80, 9],
            Experiments.Values.Select(experiment => Planner.Plan(experiment).Jobs.Count(job => job.Kind == JobKind.Train)));
        Assert.Equal(Grid.Files.Sum(file => (file.Array ?? 1) * file.Evals.Count) + 1,
            Experiments.Values.Sum(experiment => Planner.Plan(experiment).Jobs.Count(job => job.Kind == JobKind.Evaluate)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Datasets_are_those_of_the_Slurm_file(string name)
    {
        var (file, experiment) = Find(name);
        foreach (var (sample, options) in file.Samples)
        {
            var dataset = Assert.Single(experiment.Datasets, one => one.Name == sample);
            Assert.Equal(ulong.Parse(options["-seed"][0]), dataset.Settings.Seed);
            Assert.Equal(options.ContainsKey("-events"), dataset.Settings.Events);
            Assert.Equal(options.ContainsKey("-live"), dataset.Settings.Live);
            Assert.Equal(options.ContainsKey("-moments"), dataset.Settings.Moments);
            Assert.Equal(options.TryGetValue("-reference", out var reference)
                ? Path.GetFileNameWithoutExtension(reference[0])
                : null, dataset.Reference);
            Assert.Equal(options.TryGetValue("-samples", out var rows) ? long.Parse(rows[0]) : 1, dataset.Settings.Rows);
            AssertResources(file, dataset.Resources);
        }

        if (file.Samples.Count > 0) Assert.Equal(file.Samples.Count, experiment.Datasets.Count);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Trainings_have_the_options_of_the_Slurm_file(string name)
    {
        var (file, experiment) = Find(name);
        Assert.Equal(file.Trainings, file.Trains.Count);
        foreach (var (train, samples, valid, options) in file.Trains)
        {
            var members = experiment.Models.Where(model => model.Origin?.Section == train).ToList();
            Assert.Equal(file.Array, members.Count);
            Assert.Equal(members.Count, members.Select(model => model.Settings.Seed).Distinct().Count());
            foreach (var model in members)
            {
                var expected = file.Training(options,
                    new TrainSettings { Simulator = experiment.Simulator, Device = new("cuda"), Seed = model.Settings.Seed });
                Assert.Equal(CanonicalJson.Write(expected), CanonicalJson.Write(model.Settings));
                Assert.Equal((samples, valid), (model.Samples, model.Valid));
                Assert.Equal(options.TryGetValue("-adversary", out var adversary)
                    ? $"{Path.GetFileNameWithoutExtension(adversary[0])}-{model.Origin!.Replicate}" : null, model.Adversary);
                AssertResources(file, model.Resources);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Evaluations_have_the_options_of_the_Slurm_file(string name)
    {
        var (file, experiment) = Find(name);
        foreach (var (result, model, data, options) in file.Evals)
        {
            var usual = new EvaluateSettings { Simulator = experiment.Simulator, Device = new("cuda") };
            var expected = SlurmFile.Evaluation(options, usual);
            // NRE and NPE know all parameters together: the original evaluates these, whatever the masks.
            if (!options.ContainsKey("-masks"))
                expected = expected with { Masks = [experiment.Simulator == "SLCP" ? "11111" : "11111111"] };
            var members = experiment.Models.Where(one => one.Origin?.Section == model).Select(one => one.Name).ToList();
            var evaluation = Assert.Single(experiment.Evaluations, one =>
                one.Data == data && members.TrueForAll(one.Models.Contains)
                && CanonicalJson.Write(one.Settings) == CanonicalJson.Write(expected));
            Assert.Equal(file.Gpus, evaluation.Resources.Gpus);
            Assert.StartsWith(model, result, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_training_has_a_loss_figure_and_each_table_its_own(string name)
    {
        var (file, experiment) = Find(name);
        foreach (var train in file.Trains) AssertOwnFigure(experiment, FigureType.Loss, train.Name, null);
        foreach (var eval in file.Evals.Where(eval => eval.Options.ContainsKey("-consistency")))
            AssertOwnFigure(experiment, FigureType.Consistency, eval.Model, "cons");
        foreach (var eval in file.Evals.Where(eval => eval.Options.ContainsKey("-calibration")))
            AssertOwnFigure(experiment, FigureType.Calibration, eval.Model, "cal");
    }

    [Theory]
    [MemberData(nameof(Plots))]
    public void Figures_of_several_methods_are_those_of_the_original(string name)
    {
        var experiment = Experiments[Path.GetFileName(name).Split('-', '.')[0]];
        // No Slurm file trains gw-mnre.
        var entries = Grid.Plots.Single(plot => plot.Name == name).Entries.FindAll(
            entry => !entry.File.StartsWith("gw-mnre", StringComparison.Ordinal));
        var type = name.StartsWith("errors", StringComparison.Ordinal) ? FigureType.Error : FigureType.Roc;

        var figure = Assert.Single(experiment.Figures, one => one.Settings.Type == type
            && entries.Select(entry => entry.File.Split('_')[0]).SequenceEqual(one.Series.Select(series => Section(experiment, series))));

        Assert.Equal(entries.Select(entry => entry.Legend), figure.Settings.Legend);
        Assert.All(figure.Series,
            series => Assert.All(series.Sources, source => Assert.Equal(type == FigureType.Error ? "cons" : "roc", source.Evaluation)));
    }

    [Theory]
    [MemberData(nameof(Corners))]
    public void Corner_figures_are_those_of_the_original(string name)
    {
        var experiment = Experiments[name.Split('-')[0]];
        var corner = Grid.Corners.Single(one => one.Name == name);
        foreach (var (mask, options) in corner.Masks)
        {
            var figure = Assert.Single(experiment.Figures,
                one => (one.Name == name || one.Name.StartsWith($"{name}_", StringComparison.Ordinal))
                    && one.Settings.Masks.SequenceEqual([mask]));
            var settings = figure.Settings;
            Assert.Equal(corner.Star ? 0 : null, settings.Row);
            Assert.Equal(options["size"]?.GetValue<double>(), settings.Size);
            Assert.Equal(options["hide_legend"] is not null, settings.HideLegend);
            Assert.Equal(options["quantiles"] is JsonArray quantiles
                ? quantiles.Select(one => one!.GetValue<double>())
                : [0.6827, 0.9545, 0.9973], settings.Quantiles);

            // Another program's posterior is left out, and the truth is a series of its own.
            var items = corner.Items.Zip(corner.Legend).Where(item => item.First.Files[0] is not ("gw-bilby" or "slcp-test_0")).ToList();
            Assert.Equal(corner.Items.Exists(item => item.Files[0] == "slcp-test_0"), figure.Truth is not null);
            var offset = figure.Truth is null ? 0 : 1;
            Assert.Equal(items.Select(item => item.Second), settings.Legend.Skip(offset));
            Assert.Equal(items.Count, figure.Series.Count);
            for (var i = 0; i < items.Count; i++)
            {
                var (series, source) = (figure.Series[i], items[i].First);
                Assert.Equal(source.Marginalize, settings.Marginalize.Count == 0 || settings.Marginalize[i + offset]);
                var evaluation = experiment.Evaluations.Single(one => one.Name == series.Sources[0].Evaluation);
                IReadOnlyList<string> taken = series.Histograms.Count > 0
                    ? series.Histograms
                    : evaluation.Settings.Masks is [var only] && !only.StartsWith('=') ? [only] : ["any"];
                Assert.Equal(source.Files.Select(file => file.Split('_')[^1]), taken);
                var result = source.Files[0][..source.Files[0].IndexOf("_0_", StringComparison.Ordinal)];
                Assert.Equal(Grid.Files.SelectMany(file => file.Evals).Single(eval => eval.Result == result).Model,
                    Section(experiment, series));
            }
        }
    }

    private static void AssertOwnFigure(ExperimentFile experiment, FigureType type, string model, string? evaluation)
    {
        var figure = Assert.Single(experiment.Figures, one => one.Settings.Type == type && one.Series.Count == 1
            && Section(experiment, one.Series[0]) == model);
        Assert.All(figure.Series[0].Sources, source => Assert.Equal(evaluation, source.Evaluation));
    }

    /// <summary>The section whose replicates, all of them, a series draws.</summary>
    private static string Section(ExperimentFile experiment, FigureSeries series)
    {
        var section = experiment.Models.Single(model => model.Name == series.Sources[0].Model).Origin!.Section;
        Assert.Equal(experiment.Models.Where(model => model.Origin!.Section == section).Select(model => model.Name),
            series.Sources.Select(source => source.Model));
        return section;
    }

    private static void AssertResources(SlurmFile file, JobResources resources)
    {
        var time = file.Time.Contains('-', StringComparison.Ordinal)
            ? TimeSpan.FromDays(int.Parse(file.Time.Split('-')[0]))
            : TimeSpan.FromHours(int.Parse(file.Time.Split(':')[0]));
        Assert.Equal((file.Cpus, file.Gpus, (long)file.Cpus * file.MemoryPerCpu << 30, time),
            (resources.Cpus, resources.Gpus, resources.MemoryBytes, resources.Time));
    }

    private static (SlurmFile File, ExperimentFile Experiment) Find(string name) =>
        (Grid.Files.Single(file => file.Name == name), Experiments[name.Split('-')[0]]);
}
