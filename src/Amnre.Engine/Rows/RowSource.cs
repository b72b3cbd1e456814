using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Rows;

/// <summary>Rows of a simulator one after the other, with those that are not finite dealt with. Looks at the tokens and reports
/// several times a second, whatever a simulation costs.</summary>
internal sealed class RowSource(ISimulator simulator, ulong seed, long firstRow, NonFinitePolicy policy, int batchRows, int threads)
{
    public const int DefaultBatch = 1 << 12;

    private const int MinStride = 64;
    private const int MaxStride = 1 << 16;

    /// <summary>Observed values held at a time where moments are all that is wanted of them.</summary>
    private const int MaxMomentValues = 1 << 24;

    /// <summary>Rows to draw before a simulator that hardly ever gives a finite row is refused.</summary>
    private const int RowsToJudge = 10_000;

    private static readonly TimeSpan ShortStride = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongStride = TimeSpan.FromMilliseconds(200);

    /// <summary>A program is started or asked once for each stride.</summary>
    private readonly int _minStride = simulator is IStoppableSimulator stoppable ? stoppable.StrideRows : MinStride;
    private int _stride = simulator is IStoppableSimulator first ? first.StrideRows : MinStride;
    private long _drawn;

    /// <summary>The row to be drawn next.</summary>
    public long NextRow => firstRow + _drawn;

    public long NonFinite { get; private set; }

    /// <summary>Fills both with the next rows; false when asked to drain before their end.</summary>
    /// <param name="theta">Receives (n, D), row-major.</param>
    /// <param name="x">Receives (n, observation size), row-major.</param>
    /// <param name="context">The tokens and the clock.</param>
    /// <param name="report">Receives the number of rows that stand, now and then.</param>
    /// <exception cref="InputException">A row is not finite and the policy forbids it, or hardly any row is finite.</exception>
    public bool Fill(Memory<float> theta, Memory<float> x, RunContext context, Action<int> report)
    {
        int thetaSize = simulator.ThetaSize, observationSize = simulator.ObservationSize;
        var rows = theta.Length / thetaSize;
        for (var done = 0; done < rows;)
        {
            report(done);
            if (context.Drain.IsCancellationRequested) return false;
            var count = Math.Min(_stride, rows - done);
            var begin = context.Clock.GetTimestamp();
            var (someTheta, someX) = (theta.Slice(done * thetaSize, count * thetaSize),
                x.Slice(done * observationSize, count * observationSize));
            RowSampling.Fill(simulator, seed, NextRow, someTheta, someX, BlockRows(count), threads, context.Stop);
            Pace(context.Clock.GetElapsedTime(begin));
            done += count - Settle(someTheta.Span, someX.Span);
            _drawn += count;
        }

        return true;
    }

    /// <summary>Draws what <paramref name="moments"/> still miss; false when asked to drain before the end.</summary>
    public bool FillMoments(MomentSum moments, RunContext context, Action<int> report)
    {
        // Rows may be large.
        var most = (int)Math.Min(moments.Missing, Math.Clamp(MaxMomentValues / simulator.ObservationSize, 1, MaxStride / 4));
        var (theta, x) = (new float[most * simulator.ThetaSize], new float[most * simulator.ObservationSize]);
        while (moments.Missing > 0)
        {
            var rows = (int)Math.Min(moments.Missing, most);
            var some = x.AsMemory(0, rows * simulator.ObservationSize);
            if (!Fill(theta.AsMemory(0, rows * simulator.ThetaSize), some, context, report)) return false;
            moments.Add(some.Span);
        }

        return true;
    }

    /// <summary>Small enough to share the work evenly, large enough not to notice the sharing.</summary>
    private int BlockRows(int count)
    {
        var processors = threads > 0 ? threads : Environment.ProcessorCount;
        return Math.Clamp(count / (4 * processors), 8, Math.Max(8, batchRows)) / 8 * 8;
    }

    private void Pace(TimeSpan took)
    {
        if (took < ShortStride) _stride = Math.Min(2 * _stride, Math.Max(_minStride, MaxStride));
        else if (took > LongStride) _stride = Math.Max(_stride / 2, _minStride);
    }

    /// <returns>Rows left out at the end of the two.</returns>
    private int Settle(Span<float> theta, Span<float> x)
    {
        var found = NonFiniteRows.Find(theta, simulator.ThetaSize, x, simulator.ObservationSize);
        if (found.Count == 0) return 0;
        NonFinite += found.Count;
        var drawn = _drawn + theta.Length / simulator.ThetaSize;
        if (policy == NonFinitePolicy.Error)
        {
            throw new InputException(
                $"simulator {simulator.PlainName}, seed {seed}: {found.Count} of the {drawn} rows drawn so far hold a value that is not " +
                "finite:\n  "
                + NonFiniteRows.Describe(found, NextRow, theta, simulator.ThetaSize)
                + "\nfix the simulator or narrow the prior; or say what to do with such rows: drop or keep");
        }

        if (policy == NonFinitePolicy.Keep) return 0;
        if (drawn >= RowsToJudge && NonFinite > drawn / 100 * 99)
            throw new InputException($"simulator {simulator.PlainName}, seed {seed}: {NonFinite} of {drawn} rows hold a value that is " +
                "not " +
                "finite: fix the simulator or narrow the prior");
        NonFiniteRows.Remove(theta, simulator.ThetaSize, found);
        NonFiniteRows.Remove(x, simulator.ObservationSize, found);
        return found.Count;
    }
}
