using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests;

/// <summary>An experiment whose simulator is a program: its content is part of every job, its place of none.</summary>
public sealed class ProgramSimulatorPlanTests : IDisposable
{
    private const string Text =
        """
        name: mine
        simulator: sim/mine.yaml
        datasets:
          train: { rows: 1000, shards: 2 }
        models:
          amnre: { samples: train, arbitrary: true, epochs: 2 }
        evaluations:
          some: { data: train }
        figures:
          corner: { type: corner, evaluation: some, masks: [11] }
        """;

    private const string Manifest =
        """
        name: mine
        parameters: { a: { uniform: [0, 1] }, b: { uniform: [0, 1] } }
        observation: [2]
        protocol: frames
        command: [./simulate, --fast]
        timeout: 5
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    public ProgramSimulatorPlanTests() => Write(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Jobs_carry_where_the_manifest_lies_and_what_it_said()
    {
        var settings = CanonicalJson.Read<Engine.Settings.SampleSettings>(Plan(_folder).Jobs[0].Settings);

        Assert.StartsWith(Path.Combine(_folder, "sim/mine.yaml") + "#", settings.Simulator, StringComparison.Ordinal);
        Assert.Equal(settings.Simulator, Engine.Catalog.SimulatorCatalog.Find(settings.Simulator).Name);
    }

    [Fact]
    public void An_edit_of_the_program_makes_every_job_anew()
    {
        var before = Plan(_folder);
        File.AppendAllText(Path.Combine(_folder, "sim/simulate"), "# edited");
        Assert.Empty(before.Jobs.Select(job => job.Fingerprint).Intersect(Plan(_folder).Jobs.Select(job => job.Fingerprint)));
    }

    [Fact]
    public void An_edit_of_a_deciding_field_makes_every_job_anew()
    {
        var before = Plan(_folder);
        File.WriteAllText(Path.Combine(_folder, "sim/mine.yaml"), Manifest.Replace("--fast", "--slow", StringComparison.Ordinal));
        Assert.Empty(before.Jobs.Select(job => job.Fingerprint).Intersect(Plan(_folder).Jobs.Select(job => job.Fingerprint)));
    }

    [Fact]
    public void Another_place_and_another_time_limit_make_nothing_anew()
    {
        var before = Plan(_folder);
        var elsewhere = Path.Combine(_folder, "elsewhere");
        Write(elsewhere);
        File.WriteAllText(Path.Combine(elsewhere, "sim/mine.yaml"),
            Manifest.Replace("timeout: 5", "timeout: 50", StringComparison.Ordinal));

        Assert.Equal(before.Jobs.Select(job => job.Fingerprint), Plan(elsewhere).Jobs.Select(job => job.Fingerprint));
    }

    [Fact]
    public void Faults_of_the_manifest_are_faults_of_the_experiment()
    {
        File.WriteAllText(Path.Combine(_folder, "sim/mine.yaml"), Manifest.Replace("[2]", "[0]", StringComparison.Ordinal));

        var wrong = Assert.Throws<ExperimentException>(() => Plan(_folder));

        var error = Assert.Single(wrong.Errors);
        Assert.Equal(2, error.Line);
        Assert.Contains("mine.yaml:3: 'observation'", error.Message, StringComparison.Ordinal);
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "sim"));
        File.WriteAllText(Path.Combine(folder, "study.yaml"), Text);
        File.WriteAllText(Path.Combine(folder, "sim/mine.yaml"), Manifest);
        File.WriteAllText(Path.Combine(folder, "sim/simulate"), "#!/bin/sh\n");
    }

    private static ExperimentPlan Plan(string folder) => Planner.Plan(ExperimentReader.Read(Path.Combine(folder, "study.yaml")));
}
