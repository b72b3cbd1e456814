namespace Amnre.Engine.Waveforms;

/// <summary>A vector of space.</summary>
internal readonly record struct SpatialVector(double X, double Y, double Z)
{
    public static SpatialVector AlongZ { get; } = new(0, 0, 1);

    public double Length => Math.Sqrt(X * X + Y * Y + Z * Z);

    /// <summary>Length of the part in the xy plane.</summary>
    public double InPlane => Math.Sqrt(X * X + Y * Y);

    public static SpatialVector operator +(SpatialVector a, SpatialVector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static SpatialVector operator *(double scale, SpatialVector v) => new(scale * v.X, scale * v.Y, scale * v.Z);

    public static double Dot(SpatialVector a, SpatialVector b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    public SpatialVector RotatedZ(double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        return new(X * cos - Y * sin, X * sin + Y * cos, Z);
    }

    public SpatialVector RotatedY(double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        return new(X * cos + Z * sin, Y, -X * sin + Z * cos);
    }
}
