namespace Amnre.Engine.Verdicts;

/// <summary>What was measured of a model at one observation. Null where it could not be.</summary>
internal sealed record ObservationMeasures
{
    /// <summary>The observation's place in its file.</summary>
    public required int Index { get; init; }

    /// <summary>Why no draws could be made; null where they were.</summary>
    public string? Undrawn { get; init; }

    /// <summary>Of how many independent draws the draws are worth, and how many there are.</summary>
    public (double Effective, int Count) Worth { get; init; }

    /// <summary>How they were drawn.</summary>
    public string Way { get; init; } = "";

    /// <summary>Part of the simulations that are as far from their neighbours as the observation is.</summary>
    public double? Likeness { get; init; }

    /// <summary>Part of simulations from the posterior that are as far from the rest of them as the observation is.</summary>
    public double? Predictive { get; init; }

    /// <summary>The parameter whose total probability is farthest from 1.</summary>
    public (string Name, double Total)? Total { get; init; }

    /// <summary>The parameter in whose own marginal the draws of all parameters are shifted most, beyond chance, as a
    /// probability.</summary>
    public (string Name, double Shift)? Consistency { get; init; }

    /// <summary>The parameter whose mean differs most among the members of an ensemble: its deviation, in deviations of their
    /// posteriors, and their number.</summary>
    public (string Name, double Deviation, int Members)? Ensemble { get; init; }
}
