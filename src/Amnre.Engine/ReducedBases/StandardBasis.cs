using System.Runtime.CompilerServices;
using Amnre.Engine.Detectors;

namespace Amnre.Engine.ReducedBases;

/// <summary>The reduced basis of a simulator that was given none: of fewer signals than a study should use, made once in a
/// process.</summary>
internal static class StandardBasis
{
    public const int Draws = 1024;

    private static readonly ConditionalWeakTable<Observatory, Dictionary<int, Lazy<ReducedBasis>>> Known = [];

    public static Lazy<ReducedBasis> Of(WaveSetting setting)
    {
        var bases = Known.GetOrCreateValue(setting.Observatory);
        lock (bases)
        {
            if (!bases.TryGetValue(setting.Columns, out var basis))
                bases.Add(setting.Columns, basis = new(() => new ReducedBasis(SignalSubspace.Build(
                    setting.Observatory, 0, Draws, setting.Columns, RunContext.Unwatched(CancellationToken.None), _ => { })!.Value.Vectors,
                        setting.Columns)));
            return basis;
        }
    }
}
