using System.CommandLine;
using Amnre.Cli.Diagnosis;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Spectre.Console;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre doctor</c>: looks for what is usually wrong, and says what to do about it.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var store = CommonOptions.Store();
        var postgres = CommonOptions.Postgres();
        var json = new Option<bool>("--json") { Description = "Print JSON, for programs" };
        var verb = new Command(
            "doctor",
            """
            Look at what a study needs from this machine: store, database, what stands before it, clock, libraries, GPUs, Slurm, versions, limits,
            variables and who can read what. Run it where the scheduler and
            where workers are to run. The exit code is 1 when something is broken.

            Examples:
              amnre doctor --store /shared/store
              srun --partition=gpu --gres=gpu:1 amnre doctor
            """)
        { store, postgres, json };
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            var folder = CommonOptions.StorePlace(parsed.GetRequiredValue(store));
            var place = new StoreChecks(folder, TimeProvider.System);
            List<Finding> findings = [.. place.All(), .. place.Layout(), .. place.Database(), .. StoreChecks.Abandoned(),
                .. SurroundingsChecks.All(folder)];
            findings.AddRange(await DatabaseAsync(parsed.GetValue(postgres), folder, stop));
            findings.Add(MachineChecks.Torch());
            findings.Add(await MachineChecks.GpusAsync(stop));
            findings.Add(await MachineChecks.SlurmAsync(stop));
            findings = Unique(findings);
            if (parsed.GetValue(json)) Console.WriteLine(JsonText.Of(findings));
            else foreach (var finding in findings) Write(finding);
            return findings.Exists(finding => finding.Verdict == Verdict.Broken) ? ExitCode.Failed : ExitCode.Success;
        });
        return verb;
    }

    private static async Task<IReadOnlyList<Finding>> DatabaseAsync(string? postgres, string store, CancellationToken stop)
    {
        try
        {
            return await new DatabaseChecks(CommonOptions.ConnectionString(postgres), store, TimeProvider.System).AllAsync(stop);
        }
        catch (InputException e)
        {
            return [new Finding("database", Verdict.Broken, e.Message)];
        }
    }

    /// <summary>Each has a name of its own, for programs that look for it: the second of a kind is numbered.</summary>
    internal static List<Finding> Unique(IReadOnlyList<Finding> findings)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. findings.Select(finding => (seen[finding.Check] = seen.GetValueOrDefault(finding.Check) + 1) is var count and > 1
            ? finding with { Check = $"{finding.Check} {count}" } : finding)];
    }

    private static void Write(Finding finding)
    {
        var mark = finding.Verdict switch
        {
            Verdict.Fine => "[green]ok     [/]",
            Verdict.Doubtful => "[yellow]warning[/]",
            Verdict.Broken => "[red]broken [/]",
            _ => "-      "
        };
        AnsiConsole.MarkupLine($"{mark} {Markup.Escape($"{finding.Check}: {finding.Said}")}");
        if (finding.Remedy is not null) AnsiConsole.MarkupLine($"        {Markup.Escape(finding.Remedy)}");
    }
}
