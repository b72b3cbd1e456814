using Amnre.Jobs.Graph;
using CsCheck;

namespace Amnre.Jobs.Tests.Graph;

/// <summary>Random graphs.</summary>
internal static class Graphs
{
    /// <summary>1 to <paramref name="most"/> jobs, each pair joined with a probability of one third.</summary>
    public static Gen<JobGraph> Any(int most) =>
        from count in Gen.Int[1, most]
        from joined in Gen.Int[0, 2].Array[count * count]
        select new JobGraph([.. Enumerable.Range(0, count).Select(job =>
            Enumerable.Range(0, job).Where(dependency => joined[(job * count) + dependency] == 0).ToArray())]);
}
