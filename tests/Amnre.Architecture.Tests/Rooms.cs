using System.Reflection;
using ArchUnitNET.Loader;

namespace Amnre.Architecture.Tests;

/// <summary>A type of one folder that names a type of another.</summary>
/// <param name="From">Namespace of the folder that uses.</param>
/// <param name="To">Namespace of the folder that is used.</param>
/// <param name="User">Full name of the type that uses.</param>
/// <param name="Used">Full name of the type that is used.</param>
internal sealed record RoomUse(string From, string To, string User, string Used)
{
    public override string ToString() => $"{User} uses {Used}";
}

/// <summary>The folders of the sources, as namespaces, and what their types use of each other.</summary>
internal static class Rooms
{
    /// <summary>The product's projects.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.EnumerateDirectories(Testing.Repository.File("src")).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

    /// <summary>Every use across folders, once for each pair of types.</summary>
    public static IReadOnlyList<RoomUse> Uses { get; } = Load();

    /// <summary>A shortest circle of folders that use each other; empty where there is none.</summary>
    public static IReadOnlyList<string> Circle(IEnumerable<(string From, string To)> uses)
    {
        var next = uses.Distinct().ToLookup(use => use.From, use => use.To);
        return next.Select(from => Way(next, from.Key)).Where(way => way.Count > 0).MinBy(way => way.Count) ?? [];
    }

    /// <summary>The shortest way from a folder back to itself.</summary>
    private static List<string> Way(ILookup<string, string> next, string start)
    {
        var cameFrom = new Dictionary<string, string>();
        var open = new Queue<string>([start]);
        while (open.TryDequeue(out var at))
        {
            foreach (var to in next[at].Where(to => to == start || !cameFrom.ContainsKey(to)))
            {
                if (to != start)
                {
                    cameFrom[to] = at;
                    open.Enqueue(to);
                    continue;
                }

                List<string> way = [start];
                for (var back = at; back != start; back = cameFrom[back]) way.Insert(0, back);
                way.Insert(0, start);
                return way;
            }
        }

        return [];
    }

    private static List<RoomUse> Load()
    {
        var assemblies = Projects.Select(project => Assembly.Load(project == "Amnre.Cli" ? "amnre" : project)).ToArray();
        var architecture = new ArchLoader().LoadAssemblies(assemblies).Build();
        return
        [
            .. architecture.Types
                .SelectMany(type => type.Dependencies.Select(
                    dependency => (User: Outer(type.FullName), Used: Outer(dependency.Target.FullName))))
                .Distinct()
                .Select(pair => new RoomUse(Room(pair.User), Room(pair.Used), pair.User, pair.Used))
                .Where(use => use.From != use.To && IsOurs(use.From) && IsOurs(use.To)),
        ];
    }

    private static bool IsOurs(string room) =>
        Projects.Any(project => room == project || room.StartsWith(project + ".", StringComparison.Ordinal));

    /// <summary>The type that a nested or constructed one is written in.</summary>
    private static string Outer(string type) => type.Split('+', '/', '`', '<', '[')[0];

    private static string Room(string type) => type.LastIndexOf('.') is var dot and > 0 ? type[..dot] : "";
}
