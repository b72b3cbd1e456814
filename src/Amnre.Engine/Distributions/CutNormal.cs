namespace Amnre.Engine.Distributions;

/// <summary>A normal of which only what lies between bounds is left.</summary>
internal readonly record struct CutNormal(double Mean, double Deviation, double Low, double High)
{
    /// <summary>Mass of the whole normal between the bounds.</summary>
    public double Mass => NormalTail.Between(Z(Low), Z(High));

    /// <summary>Share of the mass below a value.</summary>
    public double Below(double value) => NormalTail.Between(Z(Low), Z(Math.Clamp(value, Low, High))) / Mass;

    private double Z(double value) => (value - Mean) / Deviation;
}
