using Amnre.Testing;

[assembly: AssemblyFixture(typeof(TestServer))]
