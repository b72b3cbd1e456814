namespace Amnre.Engine.Simulators;

/// <summary>A simulator whose posteriors are mixtures of distributions of independent parameters.</summary>
internal interface IClosedPosterior : ITractableSimulator
{
    /// <summary>Weights of the components, of sum 1.</summary>
    /// <param name="x">One observation, flattened.</param>
    IReadOnlyList<double> Weights(ReadOnlySpan<float> x);

    /// <summary>Mass of a component below a value of one parameter: 0 at the prior's lower bound, 1 at its upper.</summary>
    double Below(ReadOnlySpan<float> x, int component, int parameter, double value);
}
