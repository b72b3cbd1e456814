using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Operations;

/// <summary>Conditions on jobs, such as <c>state=failed,cancelled</c> and <c>kind=train</c>. Pure.</summary>
/// <param name="States">Null: any.</param>
/// <param name="Kinds">Null: any.</param>
public sealed record JobFilter(IReadOnlyList<JobState>? States, IReadOnlyList<JobKind>? Kinds)
{
    /// <exception cref="InputException">Not <c>state=</c> or <c>kind=</c> with known names after it.</exception>
    public static JobFilter Parse(IEnumerable<string> conditions)
    {
        var filter = new JobFilter(null, null);
        foreach (var condition in conditions)
        {
            filter = condition?.Split('=', 2) switch
            {
                ["state", var states] => filter with { States = [.. Named<JobState>("state", states)] },
                ["kind", var kinds] => filter with { Kinds = [.. Named<JobKind>("kind", kinds)] },
                _ => throw new InputException($"condition '{condition}' is not understood: write state=failed,cancelled or kind=train"),
            };
        }

        return filter;
    }

    public bool Admits(JobKind kind, JobState state) => (States?.Contains(state) ?? true) && (Kinds?.Contains(kind) ?? true);

    private static IEnumerable<T> Named<T>(string field, string names) where T : struct, Enum =>
        names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
            EnumName.TryParse<T>(name.ToLowerInvariant(), out var known)
                ? known
                : throw new InputException($"there is no {field} '{name}': {string.Join(", ", EnumName.All<T>())}"));
}
