using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Amnre.Engine.Masks;
using Amnre.Engine.Processes;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Programs;

/// <summary>A program as a simulator. Theta and the rows' seeds are drawn here, so row i is a function of (seed, i) as far as the
/// program is one of its row's theta and seed; how rows are shared among processes and batches does not show.</summary>
/// <param name="manifest">The manifest as it is now.</param>
/// <param name="digest">Of the content that is meant. Where only files differ from it, everything works but the program itself: a
/// training need not fail because its user edits the script meanwhile.</param>
/// <param name="clock">For time limits.</param>
internal class ProgramSimulator(ProgramManifest manifest, string digest, TimeProvider clock)
    : IStoppableSimulator, IConditionalSimulator
{
    private const int DefaultStride = 1 << 13;
    private const int BatchesPerStride = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<IRowProgram> _idle = [];
    private readonly Lock _gate = new();
    private ProgramGuard? _guard;
    private ulong _batches;

    public string Name { get; } = SimulatorReference.Join(manifest.Path, digest);

    public IReadOnlyList<string> Labels => manifest.Labels;

    public IReadOnlyList<float> Low => manifest.Prior.Low;

    public IReadOnlyList<float> High => manifest.Prior.High;

    public IReadOnlyList<int> ObservationShape => manifest.ObservationShape;

    public bool IsLogarithmic(int parameter) => manifest.Prior.IsLogarithmic(parameter);

    public bool IsReproducible => manifest.IsReproducible;

    public int StrideRows
    {
        get
        {
            var once = (long)manifest.BatchRows * manifest.Processes;
            return (int)Math.Min(Math.Max(once, Math.Min(BatchesPerStride * once, DefaultStride)), int.MaxValue);
        }
    }

    /// <summary>Reads the manifest that <paramref name="reference"/> names; starts nothing.</summary>
    /// <param name="reference">Path, perhaps with the digest of the content meant.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <param name="clock">For time limits.</param>
    /// <exception cref="InputException">The manifest is invalid, or its content is not the one meant.</exception>
    public static ProgramSimulator Open(string reference, string folder, TimeProvider clock)
    {
        var (path, digest) = SimulatorReference.Split(reference);
        var manifest = ManifestReader.Read(Path.GetFullPath(path, folder));
        if (digest is not null && !ManifestDigest.SameFields(digest, manifest.Digest))
            throw new InputException(
                $"simulator '{path}': the manifest has changed since this work was planned, or the model trained: put it back, submit the " +
                "experiment again, or name the manifest that a model is to take with -simulator");
        var meant = digest ?? manifest.Digest;
        return (manifest.Events, manifest.HasLikelihood) switch
        {
            ({ } events, true) => new TractableEventfulProgram(manifest, meant, clock, events),
            ({ } events, false) => new EventfulProgram(manifest, meant, clock, events),
            (null, true) => new TractableProgram(manifest, meant, clock),
            (null, false) => new ProgramSimulator(manifest, meant, clock),
        };
    }

    public void DrawPrior(ulong seed, long firstRow, Span<float> theta)
    {
        var size = manifest.Labels.Count;
        for (var row = 0; row < theta.Length / size; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            manifest.Prior.Draw(ref random, theta.Slice(row * size, size));
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => manifest.Prior.LogDensity(mask, theta);

    public void Sample(ulong seed, long firstRow, Memory<float> theta, Memory<float> x, CancellationToken stop)
    {
        int thetaSize = manifest.Labels.Count, size = ((ISimulator)this).ObservationSize, rows = theta.Length / thetaSize;
        if (theta.Length != rows * thetaSize || x.Length != rows * size)
            throw new ArgumentException($"theta and x must hold whole rows of {thetaSize} and {size} values");
        CheckDigest();
        DrawPrior(seed, firstRow, theta.Span);
        Simulate(seed, RandomPurpose.ProgramRows, firstRow, theta, x, stop);
    }

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x)
    {
        CheckDigest();
        var xs = new float[x.Length];
        Simulate(seed, RandomPurpose.Predictive, firstRow, theta.ToArray(), xs, CancellationToken.None);
        xs.CopyTo(x);
    }

    public void Dispose()
    {
        var programs = new List<IRowProgram>();
        while (_idle.TryTake(out var program)) programs.Add(program);
        Task.WhenAll(programs.Select(program => program.DisposeAsync().AsTask())).GetAwaiter().GetResult();
        lock (_gate)
        {
            _guard?.Dispose();
            _guard = null;
        }
    }

    private void CheckDigest()
    {
        if (digest != manifest.Digest)
            throw new InputException($"simulator {manifest.Name}: files of '{manifest.Path}' have changed since this work was planned, " +
                "or the model trained: put them back, submit the experiment again, or name the manifest that a model is to take with " +
                "-simulator");
    }

    /// <summary>Simulates given parameters; <paramref name="purpose"/> names the seeds of the rows.</summary>
    private void Simulate(ulong seed, RandomPurpose purpose, long firstRow, ReadOnlyMemory<float> theta, Memory<float> x,
        CancellationToken stop)
    {
        int thetaSize = manifest.Labels.Count, rows = theta.Length / thetaSize, size = x.Length / Math.Max(1, rows);
        // Small enough that every process has some.
        var batchRows = Math.Clamp((rows + manifest.Processes - 1) / manifest.Processes, 1, manifest.BatchRows);
        var batches = (rows + batchRows - 1) / batchRows;
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var next = -1;
        Task.WhenAll(Enumerable.Range(0, Math.Min(manifest.Processes, batches)).Select(_ => Task.Run(LaneAsync, CancellationToken.None)))
            .GetAwaiter().GetResult();

        async Task LaneAsync()
        {
            var program = _idle.TryTake(out var idle) ? idle : Create();
            try
            {
                for (int batch; (batch = Interlocked.Increment(ref next)) < batches;)
                {
                    var start = batch * batchRows;
                    var count = Math.Min(batchRows, rows - start);
                    await DrawAsync(
                        program, seed, purpose, firstRow + start,
                        theta.Slice(start * thetaSize, count * thetaSize), x.Slice(start * size, count * size), failing.Token);
                }

                _idle.Add(program);
            }
            catch
            {
                await failing.CancelAsync();
                await program.DisposeAsync();
                throw;
            }
        }
    }

    private IRowProgram Create()
    {
        lock (_gate)
        {
            _guard ??= new ProgramGuard();
            return manifest.Protocol == RowProtocol.Frames
                ? new FrameProgram(manifest, _guard, clock)
                : new Hdf5Program(manifest, _guard, clock);
        }
    }

    /// <summary>log p(x | theta) of each row, by one program, batch after batch.</summary>
    /// <param name="theta">(n, D), row-major.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="result">Receives n values.</param>
    protected void AskLikelihoods(ReadOnlyMemory<float> theta, ReadOnlyMemory<float> x, Span<double> result)
    {
        CheckDigest();
        var size = manifest.Labels.Count;
        var program = _idle.TryTake(out var idle) ? idle : Create();
        try
        {
            for (var start = 0; start < result.Length; start += manifest.BatchRows)
            {
                var rows = Math.Min(manifest.BatchRows, result.Length - start);
                // Two numbers of single precision are one of double precision.
                var answer = new float[2 * rows];
                AskAsync(program, "likelihoods of rows", new RowBatch(0, 0, start, new ulong[rows], theta.Slice(start * size, rows * size))
                {
                    Observed = x,
                }, answer, CancellationToken.None).GetAwaiter().GetResult();
                MemoryMarshal.Cast<float, double>(answer).CopyTo(result[start..]);
            }

            _idle.Add(program);
        }
        catch
        {
            program.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    private Task DrawAsync(
        IRowProgram program, ulong seed, RandomPurpose purpose, long firstRow, ReadOnlyMemory<float> theta, Memory<float> x,
        CancellationToken stop)
    {
        var seeds = new ulong[theta.Length / manifest.Labels.Count];
        for (var i = 0; i < seeds.Length; i++) seeds[i] = new CounterRandom(seed, purpose, (ulong)(firstRow + i)).NextUInt64();
        return AskAsync(program, "rows", new RowBatch(0, seed, firstRow, seeds, theta), x, stop);
    }

    private async Task AskAsync(IRowProgram program, string what, RowBatch batch, Memory<float> x, CancellationToken stop)
    {
        var (seeds, firstRow, seed, theta) = (batch.RowSeeds, batch.FirstRow, batch.Seed, batch.Theta);
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                await program.DrawAsync(batch with { Id = Interlocked.Increment(ref _batches) }, x, stop);
                return;
            }
            catch (ProgramException error)
            {
                if (attempt <= manifest.Retries && !error.IsFinal)
                {
                    await Task.Delay(pause, clock, stop);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    continue;
                }

                throw new InputException(
                    $"simulator {manifest.Name}: {what} {firstRow} to {firstRow + seeds.Length - 1}" +
                    $"{(batch.AsksLikelihood ? "" : $" of seed {seed}")} failed {attempt} " +
                    $"time{(attempt == 1 ? "" : "s")}. "
                    + $"Row {firstRow} has {Described(theta.Span)}. The last failure: {error.Message}", error);
            }
        }
    }

    private string Described(ReadOnlySpan<float> theta)
    {
        var values = theta.ToArray();
        return string.Join(", ", manifest.Labels.Select((label, i) => $"{label} = {values[i]:R}"));
    }
}
