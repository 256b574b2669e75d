# Writes OUTPUT, a C++ file that holds the YAML documents of CONFIG/schemas and
# CONFIG/policies. Run as a script: cmake -DCONFIG=... -DOUTPUT=... -P this.
set(text "// Made from config/ by cmake/shipped_documents.cmake.\n\n")
string(APPEND text "#include \"files/shipped_documents.h\"\n\nnamespace nymstream {\nnamespace {\n")
foreach(kind IN ITEMS Schemas Policies)
  string(TOLOWER ${kind} folder)
  file(GLOB documents ${CONFIG}/${folder}/*.yaml)
  list(SORT documents)
  string(APPEND text "\nconstexpr ShippedDocument k${kind}[] = {\n")
  foreach(document IN LISTS documents)
    cmake_path(GET document STEM name)
    file(READ ${document} content)
    string(APPEND text
      "    {\"${name}\", \"config/${folder}/${name}.yaml\", R\"yaml(${content})yaml\"},\n")
  endforeach()
  string(APPEND text "};\n")
endforeach()
string(APPEND text "\n}  // namespace\n")
foreach(kind IN ITEMS Schemas Policies)
  string(APPEND text
    "\nstd::span<const ShippedDocument> Shipped${kind}() { return k${kind}; }\n")
endforeach()
string(APPEND text "\n}  // namespace nymstream\n")
file(WRITE ${OUTPUT} "${text}")
