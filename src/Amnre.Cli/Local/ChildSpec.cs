namespace Amnre.Cli.Local;

/// <summary>A program to keep running.</summary>
/// <param name="Name">Unique among its siblings and their starts.</param>
/// <param name="Program">Path of the executable.</param>
/// <param name="Arguments">Never secrets: those go through <paramref name="Environment"/>.</param>
/// <param name="Environment">Added to our own environment.</param>
/// <param name="OutputFile">Receives what it prints, appended.</param>
public sealed record ChildSpec(
    string Name, string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string OutputFile);
