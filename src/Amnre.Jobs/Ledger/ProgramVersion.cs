using System.Reflection;
using System.Security.Cryptography;

namespace Amnre.Jobs.Ledger;

/// <summary>The version of this program. Schedulers and workers of one ledger are of one build: they share its schema, and what a job's
/// settings mean.</summary>
public static class ProgramVersion
{
    /// <summary>Whose code decides what is run and how; not the command, which only starts them.</summary>
    private static readonly string[] Parts = ["Amnre.Engine", "Amnre.Jobs", "Amnre.Scheduler", "Amnre.Worker"];

    private const int Digits = 12;

    /// <summary>The number that people gave it.</summary>
    public static string Text { get; } =
        (typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "0").Split('+')[0];

    /// <summary>The number and, after '+', a digest of what was compiled: the same for two builds of the same sources wherever they lie,
    /// another for any other.</summary>
    public static string Build { get; } = $"{Text}+{BuildOf(Parts.Select(ModuleOf).OfType<Guid>())}";

    /// <summary>Why a program may not take part in a ledger; null when it may.</summary>
    /// <param name="own">Its <see cref="Build"/>.</param>
    /// <param name="role">What it is: <c>worker</c>.</param>
    /// <param name="schedulers">The builds of the schedulers with a recent heartbeat; one that does not say is another.</param>
    public static string? Refusal(string own, string role, IEnumerable<string?> schedulers) =>
        schedulers.Where(version => version != own).Select(version => version ?? "one that does not say which it is").FirstOrDefault()
        is { } other
            ? $"this {role} is version {own}, but the scheduler of its ledger is version {other}: start the version that the scheduler " +
                "has, or stop the scheduler and start this one's"
              + " (one that was killed counts as running for 30 s more)"
            : null;

    /// <summary>Why a scheduler of this build does not take a plan; null when it does.</summary>
    /// <param name="maker">The build that made it; one that does not say is another.</param>
    public static string? RefusalOfPlan(string? maker) => maker == Build ? null
        : $"the plan was made by version {maker ?? "one that does not say which it is"}, but this scheduler is version {Build}: submit " +
            "with the scheduler's version (GET /api/access says which that is)";

    /// <param name="modules">The version ids that the compiler gave to the modules: digests of all that went into them.</param>
    internal static string BuildOf(IEnumerable<Guid> modules) =>
        Convert.ToHexStringLower(SHA256.HashData([.. modules.SelectMany(module => module.ToByteArray())]))[..Digits];

    /// <returns>Null where that part is not there, as in tests of one part.</returns>
    private static Guid? ModuleOf(string part)
    {
        try
        {
            return Assembly.Load(part).ManifestModule.ModuleVersionId;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
