namespace Amnre.Engine.Simulators;

/// <summary>A stochastic model p(x | theta) with a prior p(theta) over D parameters.</summary>
/// <remarks>Row i of dataset (simulator, seed) is a function of (seed, i) alone, so that any sharding gives the same bytes.
/// Implementations hold no mutable state and may be called from several threads.</remarks>
public interface ISimulator
{
    /// <summary>What settings call it, such as <c>SLCP</c>: <see cref="Catalog.SimulatorCatalog.Find"/> finds it by this text on any
    /// worker.</summary>
    string Name { get; }

    /// <summary>What messages call it: its name, the path of its manifest, or the parameters that are declared.</summary>
    string PlainName => SimulatorReference.Plain(Name);

    /// <summary>One display label per parameter, such as <c>θ₁</c>; its length is D.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>Number of parameters, D.</summary>
    int ThetaSize => Labels.Count;

    /// <summary>Lower bound of the prior's support, one per parameter (inclusive).</summary>
    IReadOnlyList<float> Low { get; }

    /// <summary>Upper bound of the prior's support, one per parameter (exclusive).</summary>
    IReadOnlyList<float> High { get; }

    /// <summary>Whether the scale of a parameter is logarithmic, as that of a log-uniform or log-normal prior: then estimators see its
    /// logarithm, its cells and the axes of its figures are logarithmic, and its lower bound is above 0.</summary>
    bool IsLogarithmic(int parameter) => false;

    /// <summary>Shape of one observation, without the row dimension: SLCP has [4, 2].</summary>
    IReadOnlyList<int> ObservationShape { get; }

    /// <summary>Number of values in one observation.</summary>
    int ObservationSize => ObservationShape.Aggregate(1, (a, b) => a * b);

    /// <summary>Draws rows [<paramref name="firstRow"/>, firstRow + n) of dataset <paramref name="seed"/>.</summary>
    /// <param name="seed">Names the dataset.</param>
    /// <param name="firstRow">Index of the first row in the dataset.</param>
    /// <param name="theta">Receives (n, D), row-major; its length decides n.</param>
    /// <param name="x">Receives (n, observation size), row-major.</param>
    void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x);

    /// <summary>Draws the parameters of the same rows, without simulating where that can be helped.</summary>
    /// <param name="seed">Names the dataset.</param>
    /// <param name="firstRow">Index of the first row in the dataset.</param>
    /// <param name="theta">Receives (n, D), row-major; its length decides n.</param>
    void DrawPrior(ulong seed, long firstRow, Span<float> theta) =>
        Sample(seed, firstRow, theta, new float[theta.Length / ThetaSize * ObservationSize]);

    /// <summary>Whether rows can be drawn; not where parameters and their prior are all that is known.</summary>
    bool Draws => true;

    /// <summary>Whether drawing a row again gives the same bytes.</summary>
    bool IsReproducible => true;

    /// <summary>SHA-256 of a basis in which observations are written, where one was given beside the name; null for all others. With
    /// another basis the same name has other observations.</summary>
    string? BasisDigest => null;

    /// <summary>log p(theta_b) of the prior over the parameters of <paramref name="mask"/>, −∞ outside the support.</summary>
    /// <param name="mask">The subset b.</param>
    /// <param name="theta">One row of |b| values.</param>
    double LogPrior(Masks.ParameterMask mask, ReadOnlySpan<float> theta);
}

/// <summary>A simulator that shares rows among workers of its own and can be told to stop; disposing it ends them.</summary>
internal interface IStoppableSimulator : ISimulator, IDisposable
{
    /// <summary>Rows worth drawing in one call: with fewer, its workers wait for each other.</summary>
    int StrideRows { get; }

    /// <inheritdoc cref="ISimulator.Sample"/>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled; theta and x are worthless.</exception>
    void Sample(ulong seed, long firstRow, Memory<float> theta, Memory<float> x, CancellationToken stop);

    void ISimulator.Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        // Its workers cannot share a span.
        var (thetas, xs) = (new float[theta.Length], new float[x.Length]);
        Sample(seed, firstRow, thetas, xs, CancellationToken.None);
        thetas.CopyTo(theta);
        xs.CopyTo(x);
    }
}

/// <summary>A simulator that also simulates parameters that it is given, so that estimates can be judged by what they predict.</summary>
public interface IConditionalSimulator : ISimulator
{
    /// <summary>Simulates rows [<paramref name="firstRow"/>, firstRow + n) of simulations <paramref name="seed"/>: row i is a function of
    /// (seed, i, its theta) alone, and has nothing to do with row i of a dataset.</summary>
    /// <param name="seed">Names the simulations.</param>
    /// <param name="firstRow">Index of the first.</param>
    /// <param name="theta">(n, D), row-major.</param>
    /// <param name="x">Receives (n, observation size), row-major.</param>
    void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x);
}

/// <summary>A simulator whose likelihood can be evaluated, so that estimates can be compared with the truth.</summary>
public interface ITractableSimulator : ISimulator
{
    /// <summary>log p(x | theta) of one row.</summary>
    /// <param name="theta">D values.</param>
    /// <param name="x">One observation, flattened.</param>
    double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x);
}
