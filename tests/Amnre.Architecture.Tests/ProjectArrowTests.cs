using System.Reflection;
using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.Architecture.Tests;

public sealed class ProjectArrowTests
{
    private static readonly Assembly Engine = typeof(Engine.RunContext).Assembly;
    private static readonly Assembly Jobs = typeof(Jobs.Specs.JobSpec).Assembly;
    private static readonly Assembly Experiments = typeof(Experiments.Plans.Planner).Assembly;
    private static readonly Assembly Scheduler = Assembly.Load("Amnre.Scheduler");
    private static readonly Assembly Worker = Assembly.Load("Amnre.Worker");

    [Fact]
    public void The_engine_knows_no_database_queue_or_host() =>
        AssertNoReference(Engine, "Npgsql", "Hangfire", "Serilog", "Microsoft.Extensions.Hosting", "Microsoft.AspNetCore", "Amnre.");

    [Fact]
    public void Jobs_know_nobody_above_them() =>
        AssertNoReference(Jobs, "Amnre.Experiments", "Amnre.Scheduler", "Amnre.Worker", "Amnre.Cli", "TorchSharp");

    [Fact]
    public void Plans_are_made_without_scheduler_or_worker() =>
        AssertNoReference(Experiments, "Amnre.Scheduler", "Amnre.Worker", "Amnre.Cli", "Hangfire", "Microsoft.AspNetCore", "TorchSharp");

    [Fact]
    public void The_scheduler_reads_no_experiment_file() => AssertNoReference(Scheduler, "Amnre.Experiments", "YamlDotNet");

    [Fact]
    public void Scheduler_and_worker_do_not_know_each_other()
    {
        AssertNoReference(Scheduler, "Amnre.Worker", "Amnre.Cli", "TorchSharp");
        AssertNoReference(Worker, "Amnre.Scheduler", "Amnre.Cli");
    }

    /// <summary>Jobs may name settings records; the networks behind them stay out of sight.</summary>
    [Fact]
    public void Jobs_and_scheduler_see_settings_of_the_engine_not_its_machinery()
    {
        string[] machinery =
        [
            "Amnre.Engine.Networks", "Amnre.Engine.Flows", "Amnre.Engine.Estimators", "Amnre.Engine.Posteriors", "Amnre.Engine.Sampling",
            "Amnre.Engine.Optimization", "Amnre.Engine.TrainingRows", "Amnre.Engine.Checkpoints", "Amnre.Engine.Native",
        ];
        Assert.Empty(Rooms.Uses
            .Where(use => use.From.Split('.')[1] is "Jobs" or "Experiments" or "Scheduler" && machinery.Contains(use.To))
            .Select(use => use.ToString()));
    }

    [Fact]
    public void Serilog_is_set_up_by_the_command_alone()
    {
        foreach (var assembly in new[] { Jobs, Experiments, Scheduler, Worker }) AssertNoReference(assembly, "Serilog");
    }

    [Fact]
    public void Only_programs_carry_libtorch()
    {
        var carriers = Repository.Projects()
            .Where(path => File.ReadAllText(path).Contains("UsesLibTorch", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order();
        Assert.Equal(["Amnre.Benchmarks", "Amnre.Cli", "Amnre.Engine.Tests", "Amnre.Worker.Tests"], carriers);
        foreach (var path in Repository.Projects())
            Assert.DoesNotMatch(new Regex("libtorch-", RegexOptions.IgnoreCase), File.ReadAllText(path));
    }

    private static void AssertNoReference(Assembly assembly, params string[] forbidden)
    {
        var found = assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name ?? "")
            .Where(name => forbidden.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
        Assert.Empty(found);
    }
}
