namespace Amnre.Engine.Waveforms;

/// <summary>Masses and aligned spins as IMRPhenomD sees them: the larger body first, everything dimensionless.</summary>
internal readonly record struct AlignedPair
{
    public AlignedPair(in BinaryParameters p, in PrecessionFrame frame)
    {
        var isFirstLarger = p.Mass1 >= p.Mass2;
        var (larger, smaller) = isFirstLarger ? (p.Mass1, p.Mass2) : (p.Mass2, p.Mass1);
        (LargerSpin, SmallerSpin) = isFirstLarger ? (frame.AlignedSpin1, frame.AlignedSpin2) : (frame.AlignedSpin2, frame.AlignedSpin1);
        MassRatio = larger / smaller;
        LargerPart = larger / p.TotalMass;
        SmallerPart = smaller / p.TotalMass;
        // Rounding may pass the bound of equal masses.
        Eta = Math.Min(p.SymmetricMassRatio, 0.25);
        Difference = Math.Sqrt(1 - 4 * Eta);
    }

    /// <summary>q ≥ 1.</summary>
    public double MassRatio { get; }

    /// <summary>Of the total mass.</summary>
    public double LargerPart { get; }

    /// <summary>Of the total mass.</summary>
    public double SmallerPart { get; }

    public double LargerSpin { get; }

    public double SmallerSpin { get; }

    /// <summary>Symmetric mass ratio.</summary>
    public double Eta { get; }

    /// <summary>√(1 − 4η), the difference of the masses in parts of their sum.</summary>
    public double Difference { get; }
}
