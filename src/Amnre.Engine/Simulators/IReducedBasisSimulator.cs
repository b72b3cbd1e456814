namespace Amnre.Engine.Simulators;

/// <summary>A simulator whose observations are coefficients in a basis that is built from its own simulations.</summary>
public interface IReducedBasisSimulator : ISimulator
{
    /// <summary>The same simulator with the basis of a file, whose vectors beyond those needed are left out.</summary>
    /// <param name="path">A file of <see cref="GravitationalWaves.BasisBuilding"/>, or a <c>.npy</c> file of V.</param>
    /// <exception cref="InputException">The file is not a basis, or has too few vectors.</exception>
    ISimulator WithBasis(string path);
}
