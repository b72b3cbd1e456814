using System.Reflection;

namespace Amnre.Jobs.Ledger;

/// <summary>The version of this program. Schedulers and workers of one ledger have the same: they share its schema, and what a job's
/// settings mean.</summary>
public static class ProgramVersion
{
    public static string Text { get; } = WithoutBuild(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");

    /// <summary>Why a worker may not serve a ledger; null when it may.</summary>
    /// <param name="own">The worker's.</param>
    /// <param name="schedulers">Those of the schedulers heard of; one that does not say is no obstacle.</param>
    public static string? Refusal(string own, IEnumerable<string?> schedulers) =>
        schedulers.FirstOrDefault(version => version is not null && version != own) is { } other
            ? $"this worker is version {own}, but the scheduler of its ledger is version {other}: start the version that the scheduler has, or stop the scheduler and start this one's"
            : null;

    /// <summary>The part after '+' names a build, not a version.</summary>
    private static string WithoutBuild(string version) => version.Split('+')[0];
}
